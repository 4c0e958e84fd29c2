package dev.nearside.jinja.syntax;

import dev.nearside.jinja.syntax.Scopes.Scope;
import dev.nearside.jinja.syntax.Stmt.Body;
import dev.nearside.jinja.syntax.Stmt.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the scopes of a template. jinja2 decides when it compiles where a name lives: a name that a
 * scope assigns anywhere is that scope's own from its start, with the outer value until then. A
 * name read only inside a loop but assigned after it at the top is therefore undefined in the loop,
 * even if the caller gave it. Reference: jinja2 3.1.6, idtracking.py and compiler.py.
 */
public final class ScopeAnalyzer {
  private final Scopes scopes = new Scopes();

  private ScopeAnalyzer() {}

  public static Scopes analyze(Body template) {
    ScopeAnalyzer analyzer = new ScopeAnalyzer();
    analyzer.open(template, null, UndeclaredNames.in(template, "self"), symbols -> {});
    return analyzer.scopes;
  }

  /** Declares what a scope is opened with. */
  private interface Opening {
    void declare(Symbols symbols);
  }

  private void open(Body body, @Nullable Symbols parent, Set<String> specials, Opening opening) {
    Symbols symbols = new Symbols(parent);
    opening.declare(symbols);
    visit(body, symbols);
    // Declared last: a special name is a parameter even where the body's reading came first.
    specials.forEach(symbols::parameter);
    scopes.put(body, new Scope(symbols.loads(), specials));
    nested(body, symbols);
  }

  private void visit(@Nullable Body body, Symbols symbols) {
    if (body != null) {
      body.statements().forEach(statement -> visit(statement, symbols));
    }
  }

  /** What a statement means for the scope that it stands in. */
  private void visit(Stmt statement, Symbols symbols) {
    switch (statement) {
      case Stmt.Text text -> {}
      case Stmt.Break stop -> {}
      case Stmt.Continue next -> {}
      case Stmt.Generation generation -> {}
      case Stmt.Autoescape autoescape -> {}
      case Stmt.Block block -> {}
      case Stmt.Print print -> load(print.value(), symbols);
      case Stmt.If choice -> branches(choice, symbols);
      case Stmt.For loop -> load(loop.source(), symbols);
      case Stmt.Set set -> {
        load(set.value(), symbols);
        store(set.target(), symbols);
      }
      case Stmt.SetBlock set -> store(set.target(), symbols);
      case Stmt.Macro macro -> symbols.store(macro.name());
      case Stmt.CallBlock call -> load(call.call(), symbols);
      case Stmt.FilterBlock filter -> load(filter.filter(), symbols);
      case Stmt.With with -> with.values().forEach(value -> load(value, symbols));
      case Stmt.Outside outside -> {
        load(outside.template(), symbols);
        outside.names().forEach(symbols::store);
      }
    }
  }

  private void branches(Stmt.If choice, Symbols symbols) {
    Stmt.Branch first = choice.branches().getFirst();
    load(first.condition(), symbols);
    List<Symbols> branches = new ArrayList<>();
    Symbols body = symbols.branch();
    visit(first.body(), body);
    branches.add(body);
    Symbols others = symbols.branch();
    for (Stmt.Branch branch : choice.branches().subList(1, choice.branches().size())) {
      branches(new Stmt.If(List.of(branch), null, choice.pos()), others);
    }
    branches.add(others);
    Symbols otherwise = symbols.branch();
    visit(choice.otherwise(), otherwise);
    branches.add(otherwise);
    symbols.merge(branches);
  }

  private static void load(@Nullable Expr expr, Symbols symbols) {
    ExprTree.forEach(
        expr,
        node -> {
          if (node instanceof Expr.Name name) {
            symbols.load(name.name());
          }
        });
  }

  private static void store(Target target, Symbols symbols) {
    switch (target) {
      case Target.Variable variable -> symbols.store(variable.name());
      case Target.Member member -> symbols.load(member.namespace());
      case Target.Several several -> several.targets().forEach(part -> store(part, symbols));
    }
  }

  private static void parameters(Target target, Symbols symbols) {
    switch (target) {
      case Target.Variable variable -> symbols.parameter(variable.name());
      case Target.Member member -> symbols.load(member.namespace());
      case Target.Several several -> several.targets().forEach(part -> parameters(part, symbols));
    }
  }

  /** Opens the scopes inside a body, whose own names are all known by now. */
  private void nested(@Nullable Body body, Symbols symbols) {
    if (body == null) {
      return;
    }
    for (Stmt statement : body.statements()) {
      switch (statement) {
        case Stmt.Text text -> {}
        case Stmt.Break stop -> {}
        case Stmt.Continue next -> {}
        case Stmt.Print print -> {}
        case Stmt.Set set -> {}
        case Stmt.Outside outside -> {}
        case Stmt.If choice -> {
          choice.branches().forEach(branch -> nested(branch.body(), symbols));
          nested(choice.otherwise(), symbols);
        }
        case Stmt.For loop -> loop(loop, symbols);
        case Stmt.SetBlock set -> open(set.body(), symbols, Set.of(), inner -> {});
        case Stmt.Macro macro -> macro(macro.signature(), macro.body(), symbols);
        case Stmt.CallBlock call -> macro(call.signature(), call.body(), symbols);
        case Stmt.Generation generation -> macro(Stmt.Signature.EMPTY, generation.body(), symbols);
        case Stmt.FilterBlock filter ->
            open(filter.body(), symbols, Set.of(), inner -> load(filter.filter(), inner));
        case Stmt.With with ->
            open(
                with.body(),
                symbols,
                Set.of(),
                inner -> with.targets().forEach(target -> parameters(target, inner)));
        case Stmt.Autoescape autoescape ->
            open(autoescape.body(), symbols, Set.of(), inner -> load(autoescape.enabled(), inner));
        case Stmt.Block block ->
            open(
                block.body(), null, UndeclaredNames.in(block.body(), "self", "super"), inner -> {});
      }
    }
  }

  private void loop(Stmt.For loop, Symbols symbols) {
    boolean isExtended =
        loop.isRecursive() || UndeclaredNames.in(loop.body(), "loop").contains("loop");
    Set<String> specials = isExtended ? Set.of("loop") : Set.of();
    open(
        loop.body(),
        symbols,
        specials,
        inner -> {
          specials.forEach(inner::parameter);
          parameters(loop.target(), inner);
        });
    if (loop.otherwise() != null) {
      open(loop.otherwise(), symbols, Set.of(), inner -> {});
    }
    if (loop.condition() != null) {
      Symbols condition = new Symbols(symbols);
      parameters(loop.target(), condition);
      load(loop.condition(), condition);
      scopes.put(loop, new Scope(condition.loads(), Set.of()));
    }
  }

  private void macro(Stmt.Signature signature, Body body, Symbols symbols) {
    Set<String> specials = UndeclaredNames.in(body, "caller", "kwargs", "varargs");
    specials.removeAll(Set.copyOf(signature.parameters()));
    open(
        body,
        symbols,
        specials,
        inner -> {
          signature.parameters().forEach(inner::parameter);
          signature.defaults().forEach(value -> load(value, inner));
        });
  }
}

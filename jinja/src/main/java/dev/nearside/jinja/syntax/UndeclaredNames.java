package dev.nearside.jinja.syntax;

import dev.nearside.jinja.syntax.Stmt.Body;
import dev.nearside.jinja.syntax.Stmt.Target;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of some special names ({@code loop}, {@code caller}, …) a body reads before it
 * assigns them, nested tags included. Reference: jinja2 3.1.6, compiler.py, find_undeclared.
 */
final class UndeclaredNames {
  private final Set<String> wanted;
  private final Set<String> found = new HashSet<>();

  private UndeclaredNames(Set<String> wanted) {
    this.wanted = new HashSet<>(wanted);
  }

  static Set<String> in(Body body, String... names) {
    UndeclaredNames search = new UndeclaredNames(Set.of(names));
    search.body(body);
    return search.found;
  }

  private void body(@Nullable Body body) {
    if (body != null) {
      body.statements().forEach(this::statement);
    }
  }

  private void load(@Nullable Expr expr) {
    ExprTree.forEach(
        expr,
        node -> {
          if (node instanceof Expr.Name name && wanted.contains(name.name())) {
            found.add(name.name());
          }
        });
  }

  private void store(Target target) {
    switch (target) {
      case Target.Variable variable -> wanted.remove(variable.name());
      case Target.Member member -> {}
      case Target.Several several -> several.targets().forEach(this::store);
    }
  }

  private void signature(Stmt.Signature signature) {
    wanted.removeAll(Set.copyOf(signature.parameters()));
    signature.defaults().forEach(this::load);
  }

  private void statement(Stmt statement) {
    switch (statement) {
      case Stmt.Text text -> {}
      case Stmt.Break stop -> {}
      case Stmt.Continue next -> {}
      case Stmt.Block block -> {}
      case Stmt.Print print -> load(print.value());
      case Stmt.If choice -> {
        for (Stmt.Branch branch : choice.branches()) {
          load(branch.condition());
          body(branch.body());
        }
        body(choice.otherwise());
      }
      case Stmt.For loop -> {
        store(loop.target());
        load(loop.source());
        body(loop.body());
        body(loop.otherwise());
        load(loop.condition());
      }
      case Stmt.Set set -> {
        store(set.target());
        load(set.value());
      }
      case Stmt.SetBlock set -> {
        store(set.target());
        load(set.filter());
        body(set.body());
      }
      case Stmt.Macro macro -> {
        signature(macro.signature());
        body(macro.body());
      }
      case Stmt.CallBlock call -> {
        load(call.call());
        signature(call.signature());
        body(call.body());
      }
      case Stmt.FilterBlock filter -> {
        body(filter.body());
        load(filter.filter());
      }
      case Stmt.With with -> {
        with.targets().forEach(this::store);
        with.values().forEach(this::load);
        body(with.body());
      }
      case Stmt.Generation generation -> body(generation.body());
      case Stmt.Autoescape autoescape -> {
        load(autoescape.enabled());
        body(autoescape.body());
      }
      case Stmt.Outside outside -> load(outside.template());
    }
  }
}

package dev.nearside.jinja.syntax;

import dev.nearside.jinja.syntax.Stmt.Body;
import dev.nearside.jinja.syntax.Stmt.Target;
import dev.nearside.jinja.value.Str;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What occurs in a template.
 *
 * @param names its variables, attributes and string constants
 * @param blocks its blocks by name
 */
public record Mentions(Set<String> names, Map<String, Stmt.Block> blocks) {

  public static Mentions of(Body template) {
    Mentions mentions = new Mentions(new HashSet<>(), new LinkedHashMap<>());
    mentions.body(template);
    return new Mentions(Set.copyOf(mentions.names), Map.copyOf(mentions.blocks));
  }

  private void body(@Nullable Body body) {
    if (body != null) {
      body.statements().forEach(this::statement);
    }
  }

  private void expr(@Nullable Expr root) {
    ExprTree.forEach(
        root,
        expr -> {
          if (expr instanceof Expr.Name name) {
            names.add(name.name());
          } else if (expr instanceof Expr.Attribute attribute) {
            names.add(attribute.name());
          } else if (expr instanceof Expr.Literal(Str text, Pos pos)) {
            names.add(text.text());
          }
        });
  }

  private void target(Target target) {
    switch (target) {
      case Target.Variable variable -> names.add(variable.name());
      case Target.Member member -> names.add(member.attribute());
      case Target.Several several -> several.targets().forEach(this::target);
    }
  }

  private void macro(Stmt.Signature signature, Body body) {
    names.addAll(signature.parameters());
    signature.defaults().forEach(this::expr);
    body(body);
  }

  private void statement(Stmt statement) {
    switch (statement) {
      case Stmt.Text text -> {}
      case Stmt.Break stop -> {}
      case Stmt.Continue next -> {}
      case Stmt.Print print -> expr(print.value());
      case Stmt.If choice -> {
        for (Stmt.Branch branch : choice.branches()) {
          expr(branch.condition());
          body(branch.body());
        }
        body(choice.otherwise());
      }
      case Stmt.For loop -> {
        target(loop.target());
        expr(loop.source());
        expr(loop.condition());
        body(loop.body());
        body(loop.otherwise());
      }
      case Stmt.Set set -> {
        target(set.target());
        expr(set.value());
      }
      case Stmt.SetBlock set -> {
        target(set.target());
        expr(set.filter());
        body(set.body());
      }
      case Stmt.Macro macro -> macro(macro.signature(), macro.body());
      case Stmt.CallBlock call -> {
        expr(call.call());
        macro(call.signature(), call.body());
      }
      case Stmt.FilterBlock filter -> {
        expr(filter.filter());
        body(filter.body());
      }
      case Stmt.With with -> {
        with.targets().forEach(this::target);
        with.values().forEach(this::expr);
        body(with.body());
      }
      case Stmt.Generation generation -> body(generation.body());
      case Stmt.Autoescape autoescape -> {
        expr(autoescape.enabled());
        body(autoescape.body());
      }
      case Stmt.Block block -> {
        blocks.put(block.name(), block);
        body(block.body());
      }
      case Stmt.Outside outside -> expr(outside.template());
    }
  }
}

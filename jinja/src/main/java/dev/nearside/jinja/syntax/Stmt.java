package dev.nearside.jinja.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement: text, a print, or a tag. */
public sealed interface Stmt {
  Pos pos();

  /** Statements that run one after the other. Compared by identity: it may own a scope. */
  final class Body {
    private final List<Stmt> statements;

    public Body(List<Stmt> statements) {
      this.statements = List.copyOf(statements);
    }

    public List<Stmt> statements() {
      return statements;
    }
  }

  record Text(String text, Pos pos) implements Stmt {}

  /** {@code {{ value }}}. */
  record Print(Expr value, Pos pos) implements Stmt {}

  record If(List<Branch> branches, @Nullable Body otherwise, Pos pos) implements Stmt {}

  record Branch(Expr condition, Body body) {}

  record For(
      Target target,
      Expr source,
      @Nullable Expr condition,
      boolean isRecursive,
      Body body,
      @Nullable Body otherwise,
      Pos pos)
      implements Stmt {}

  record Break(Pos pos) implements Stmt {}

  record Continue(Pos pos) implements Stmt {}

  record Set(Target target, Expr value, Pos pos) implements Stmt {}

  /** {@code {% set x | filter %}…{% endset %}}. */
  record SetBlock(Target target, Expr.@Nullable Filter filter, Body body, Pos pos)
      implements Stmt {}

  record Macro(String name, Signature signature, Body body, Pos pos) implements Stmt {}

  /** {@code {% call(parameters) callee(…) %}…{% endcall %}}. */
  record CallBlock(Signature signature, Expr.Call call, Body body, Pos pos) implements Stmt {}

  record FilterBlock(Expr.Filter filter, Body body, Pos pos) implements Stmt {}

  record With(List<Target> targets, List<Expr> values, Body body, Pos pos) implements Stmt {}

  /** {@code {% generation %}}: what the assistant says; here only a scope. */
  record Generation(Body body, Pos pos) implements Stmt {}

  record Autoescape(Expr enabled, Body body, Pos pos) implements Stmt {}

  record Block(String name, boolean isScoped, boolean isRequired, Body body, Pos pos)
      implements Stmt {}

  /** {@code include}, {@code import}, {@code from} and {@code extends}: refused when run. */
  record Outside(String tag, Expr template, List<String> names, Pos pos) implements Stmt {}

  /** The parameters of a macro; the last {@code defaults.size()} have defaults. */
  record Signature(List<String> parameters, List<Expr> defaults) {
    public static final Signature EMPTY = new Signature(List.of(), List.of());

    /** The default of a parameter, or null if it has none. */
    public @Nullable Expr defaultOf(int index) {
      int at = index - (parameters.size() - defaults.size());
      return at < 0 ? null : defaults.get(at);
    }
  }

  /** What can be assigned to. */
  sealed interface Target {
    record Variable(String name, Pos pos) implements Target {}

    /** {@code namespace.attribute}. */
    record Member(String namespace, String attribute, Pos pos) implements Target {}

    record Several(List<Target> targets, Pos pos) implements Target {}
  }
}

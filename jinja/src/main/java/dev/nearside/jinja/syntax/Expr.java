package dev.nearside.jinja.syntax;

import dev.nearside.jinja.value.Arithmetic;
import dev.nearside.jinja.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression. */
public sealed interface Expr {
  Pos pos();

  record Literal(Value value, Pos pos) implements Expr {}

  record Name(String name, Pos pos) implements Expr {}

  record TupleOf(List<Expr> items, Pos pos) implements Expr {}

  record ListOf(List<Expr> items, Pos pos) implements Expr {}

  record DictOf(List<Pair> pairs, Pos pos) implements Expr {}

  record Pair(Expr key, Expr value) {}

  /** {@code target.name}. */
  record Attribute(Expr target, String name, Pos pos) implements Expr {}

  /** {@code target[key]}. */
  record Item(Expr target, Expr key, Pos pos) implements Expr {}

  /** {@code target[start:stop:step]}. */
  record Slice(Expr target, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step, Pos pos)
      implements Expr {}

  record Call(Expr callee, Arguments arguments, Pos pos) implements Expr {}

  /** {@code target|name(arguments)}; no target: the captured text of a block. */
  record Filter(@Nullable Expr target, String name, Arguments arguments, Pos pos) implements Expr {}

  /** {@code target is name(arguments)}. */
  record Test(Expr target, String name, Arguments arguments, Pos pos) implements Expr {}

  record Not(Expr operand, Pos pos) implements Expr {}

  record Sign(boolean isMinus, Expr operand, Pos pos) implements Expr {}

  record Binary(Arithmetic.Operator operator, Expr left, Expr right, Pos pos) implements Expr {}

  /** {@code and}, {@code or}: the value of the side that decides. */
  record Logic(boolean isAnd, Expr left, Expr right, Pos pos) implements Expr {}

  /** {@code a < b < c}: true if all hold, each operand evaluated once. */
  record Compare(Expr first, List<Operand> rest, Pos pos) implements Expr {}

  record Operand(Comparator comparator, Expr operand) {}

  /** The comparing operators. */
  enum Comparator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    IN,
    NOT_IN
  }

  /** {@code a ~ b ~ c}. */
  record Concat(List<Expr> parts, Pos pos) implements Expr {}

  /** {@code then if condition else otherwise}. */
  record Conditional(Expr condition, Expr then, @Nullable Expr otherwise, Pos pos)
      implements Expr {}

  /** The arguments of a call, filter or test: {@code (a, k=b, *rest, **more)}. */
  record Arguments(
      List<Expr> positional, List<Keyword> named, @Nullable Expr star, @Nullable Expr doubleStar) {
    public static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);

    public boolean isEmpty() {
      return positional.isEmpty() && named.isEmpty() && star == null && doubleStar == null;
    }
  }

  record Keyword(String name, Expr value) {}
}

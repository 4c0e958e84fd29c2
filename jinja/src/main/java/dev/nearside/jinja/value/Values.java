package dev.nearside.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conversions between Java and template values, and the few questions every value answers. */
public final class Values {
  private static final BigInteger MAX_INT = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger MIN_INT = BigInteger.valueOf(Integer.MIN_VALUE);

  private Values() {}

  /**
   * A deep copy of a Java value: null, String, Boolean, Integer, Long, Short, Byte, BigInteger,
   * Float, Double, BigDecimal, Map, List.
   *
   * @throws Failure if it is, or holds, anything else, or nests too deeply
   */
  public static Value of(Budget budget, @Nullable Object java) {
    return switch (java) {
      case null -> None.NONE;
      case Value value -> value;
      case String text -> Str.of(text);
      case Boolean flag -> Bool.of(flag);
      case Integer number -> Int.of(number);
      case Long number -> Int.of(number);
      case Short number -> Int.of(number);
      case Byte number -> Int.of(number);
      case BigInteger number -> new Int(number);
      case Double number -> new Real(number);
      case Float number -> new Real(number);
      case BigDecimal number -> new Real(number.doubleValue());
      case Map<?, ?> map -> dict(budget, map);
      case List<?> list -> list(budget, list);
      default ->
          throw new Failure(
              "cannot give a " + java.getClass().getName() + " to a template; plain data only");
    };
  }

  private static ListValue list(Budget budget, List<?> source) {
    budget.enter();
    try {
      budget.chargeSlots(source.size());
      ListValue list = new ListValue();
      for (Object item : source) {
        list.items().add(of(budget, item));
      }
      return list;
    } finally {
      budget.leave();
    }
  }

  private static Dict dict(Budget budget, Map<?, ?> source) {
    budget.enter();
    try {
      Dict dict = new Dict();
      for (Map.Entry<?, ?> entry : source.entrySet()) {
        dict.put(budget, of(budget, entry.getKey()), of(budget, entry.getValue()));
      }
      return dict;
    } finally {
      budget.leave();
    }
  }

  /** Python's {@code bool(value)}. */
  public static boolean truthy(Value value) {
    return switch (value) {
      case None none -> false;
      case Undefined undefined -> false;
      case Bool bool -> bool == Bool.TRUE;
      case Int number -> number.value().signum() != 0;
      case Real number -> number.value() != 0.0;
      case Str text -> !text.text().isEmpty();
      case ListValue list -> !list.items().isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case Range range -> range.size() > 0;
      case Dict dict -> dict.size() > 0;
      case DictView view -> view.dict().size() > 0;
      case Lazy lazy -> true;
      case ObjectValue object -> true;
    };
  }

  /** The integer that an int or bool stands for, null for anything else. */
  public static @Nullable BigInteger integer(Value value) {
    return switch (value) {
      case Int number -> number.value();
      case Bool bool -> bool == Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
      default -> null;
    };
  }

  public static boolean isNumber(Value value) {
    return value instanceof Int || value instanceof Bool || value instanceof Real;
  }

  /** The nearest int. */
  public static int clamp(BigInteger number) {
    return number.min(MAX_INT).max(MIN_INT).intValue();
  }

  /** {@code len(value)}, or -1 if it has none. */
  public static int length(Value value) {
    return switch (value) {
      case Undefined undefined -> 0;
      case Str text -> CodePoints.length(text.text());
      case ListValue list -> list.items().size();
      case Tuple tuple -> tuple.items().size();
      case Range range -> range.size();
      case Dict dict -> dict.size();
      case DictView view -> view.dict().size();
      case None none -> -1;
      case Bool bool -> -1;
      case Int number -> -1;
      case Real number -> -1;
      case Lazy lazy -> -1;
      case ObjectValue object -> object.length();
    };
  }
}

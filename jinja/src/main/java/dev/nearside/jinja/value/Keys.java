package dev.nearside.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's hashing: a Java object that is equal for values that are the same dict key. */
public final class Keys {
  /** What a tuple's key costs per item: the key is a copy. */
  private static final int KEY_COST = 32;

  private Keys() {}

  /**
   * The key under which a value is found in a dict or set.
   *
   * @throws Failure if the value is mutable
   */
  public static Object of(Budget budget, Value value) {
    return switch (value) {
      case None none -> none;
      case Undefined undefined -> Undefined.class;
      case Bool bool -> integer(bool);
      case Int number -> number.value();
      case Real number -> real(number.value());
      case Str text -> {
        budget.scan(text.text().length());
        yield text.text();
      }
      case Tuple tuple -> tuple(budget, tuple);
      case Range range -> range;
      case Lazy lazy -> lazy;
      case ObjectValue object -> object;
      case ListValue list -> throw unhashable(value);
      case Dict dict -> throw unhashable(value);
      case DictView view -> throw unhashable(value);
    };
  }

  private static Failure unhashable(Value value) {
    return new Failure("unhashable type: '" + value.typeName() + "'");
  }

  private static Object integer(Bool bool) {
    return bool == Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
  }

  private static Object real(double value) {
    boolean isWhole = value == Math.rint(value) && !Double.isInfinite(value);
    return isWhole ? new BigDecimal(value).toBigInteger() : (Object) value;
  }

  private static Object tuple(Budget budget, Tuple tuple) {
    budget.enter();
    try {
      budget.charge((long) KEY_COST * tuple.items().size());
      List<Object> keys = new ArrayList<>(tuple.items().size());
      for (Value item : tuple.items()) {
        budget.step();
        keys.add(of(budget, item));
      }
      return keys;
    } finally {
      budget.leave();
    }
  }
}

package dev.nearside.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Python's {@code ==}, {@code <}, {@code in}, {@code is} and {@code sorted}. */
public final class Comparison {
  private Comparison() {}

  /** Python's {@code a == b}. */
  public static boolean equal(Budget budget, Value a, Value b) {
    budget.step();
    if (Values.isNumber(a) && Values.isNumber(b)) {
      return numbersEqual(a, b);
    }
    return switch (a) {
      case Str x when b instanceof Str y -> {
        budget.scan(x.text().length());
        yield x.text().equals(y.text());
      }
      case ListValue x when b instanceof ListValue y -> listsEqual(budget, x.items(), y.items());
      case Tuple x when b instanceof Tuple y -> listsEqual(budget, x.items(), y.items());
      case Dict x when b instanceof Dict y -> dictsEqual(budget, x, y);
      case Range x when b instanceof Range y -> rangesEqual(x, y);
      case Undefined x -> b instanceof Undefined;
      case DictView x when b instanceof DictView y && x.kind() == y.kind() ->
          viewsEqual(budget, x, y);
      default -> isSame(a, b);
    };
  }

  private static boolean numbersEqual(Value a, Value b) {
    BigInteger x = Values.integer(a);
    BigInteger y = Values.integer(b);
    return (x != null && y != null) ? x.equals(y) : (!isNan(a) && !isNan(b) && order(a, b) == 0);
  }

  private static boolean isNan(Value value) {
    return value instanceof Real number && Double.isNaN(number.value());
  }

  /** Exact order of two numbers of which none is NaN. */
  private static int order(Value a, Value b) {
    BigInteger x = Values.integer(a);
    BigInteger y = Values.integer(b);
    if (x != null && y != null) {
      return x.compareTo(y);
    }
    if (a instanceof Real p && b instanceof Real q) {
      return p.value() < q.value() ? -1 : p.value() > q.value() ? 1 : 0;
    }
    return a instanceof Real p ? -orderMixed(y, p.value()) : orderMixed(x, ((Real) b).value());
  }

  private static int orderMixed(@Nullable BigInteger whole, double real) {
    if (Double.isInfinite(real)) {
      return real > 0 ? -1 : 1;
    }
    BigInteger number = whole == null ? BigInteger.ZERO : whole;
    return new BigDecimal(number).compareTo(new BigDecimal(real));
  }

  private static boolean listsEqual(Budget budget, List<Value> a, List<Value> b) {
    if (a.size() != b.size()) {
      return false;
    }
    budget.enter();
    try {
      for (int i = 0; i < a.size(); i++) {
        if (!same(budget, a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    } finally {
      budget.leave();
    }
  }

  private static boolean dictsEqual(Budget budget, Dict a, Dict b) {
    if (a.size() != b.size()) {
      return false;
    }
    budget.enter();
    try {
      for (Dict.Entry entry : a.entries()) {
        Value other = b.get(budget, entry.key());
        if (other == null || !same(budget, entry.value(), other)) {
          return false;
        }
      }
      return true;
    } finally {
      budget.leave();
    }
  }

  private static boolean rangesEqual(Range a, Range b) {
    return a.size() == b.size()
        && (a.size() == 0 || a.start() == b.start())
        && (a.size() < 2 || a.step() == b.step());
  }

  private static boolean viewsEqual(Budget budget, DictView a, DictView b) {
    if (a.kind() == DictView.Kind.VALUES || a.dict().size() != b.dict().size()) {
      return isSame(a, b);
    }
    for (Dict.Entry entry : a.dict().entries()) {
      Value other = b.dict().get(budget, entry.key());
      boolean isKeys = a.kind() == DictView.Kind.KEYS;
      if (other == null || (!isKeys && !same(budget, entry.value(), other))) {
        return false;
      }
    }
    return true;
  }

  /** Inside containers Python takes the same object as equal before asking it. */
  private static boolean same(Budget budget, Value a, Value b) {
    return isSame(a, b) || equal(budget, a, b);
  }

  /** Whether two values are one object, which is what Python compares by identity. */
  @SuppressWarnings("ReferenceEquality") // the question is about identity
  private static boolean isSame(Value a, Value b) {
    return a == b;
  }

  /** Python's {@code a is b}. */
  public static boolean identical(Value a, Value b) {
    return switch (a) {
      case Int x when b instanceof Int y -> x.value().equals(y.value());
      case Str x when b instanceof Str y -> x.text().equals(y.text()) && x.safe() == y.safe();
      default -> isSame(a, b);
    };
  }

  /** Python's {@code a < b}. */
  public static boolean less(Budget budget, Value a, Value b) {
    return ordered(budget, a, b, Order.LESS);
  }

  /** The four comparisons by size. */
  public enum Order {
    LESS("<"),
    LESS_EQUAL("<="),
    GREATER(">"),
    GREATER_EQUAL(">=");

    private final String symbol;

    Order(String symbol) {
      this.symbol = symbol;
    }

    boolean holds(int order) {
      return switch (this) {
        case LESS -> order < 0;
        case LESS_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_EQUAL -> order >= 0;
      };
    }
  }

  /**
   * Python's {@code a < b} and its like.
   *
   * @throws Failure if the types have no order
   */
  public static boolean ordered(Budget budget, Value a, Value b, Order order) {
    budget.step();
    if (Values.isNumber(a) && Values.isNumber(b)) {
      return !isNan(a) && !isNan(b) && order.holds(order(a, b));
    }
    if (a instanceof Str x && b instanceof Str y) {
      budget.scan(Math.min(x.text().length(), y.text().length()));
      return order.holds(CodePoints.compare(x.text(), y.text()));
    }
    if (a instanceof ListValue x && b instanceof ListValue y) {
      return listsOrdered(budget, x.items(), y.items(), order);
    }
    if (a instanceof Tuple x && b instanceof Tuple y) {
      return listsOrdered(budget, x.items(), y.items(), order);
    }
    if (a instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.failure();
    }
    throw new Failure(
        "'"
            + order.symbol
            + "' not supported between instances of '"
            + a.typeName()
            + "' and '"
            + b.typeName()
            + "'");
  }

  private static boolean listsOrdered(Budget budget, List<Value> a, List<Value> b, Order order) {
    budget.enter();
    try {
      int n = Math.min(a.size(), b.size());
      for (int i = 0; i < n; i++) {
        if (!same(budget, a.get(i), b.get(i))) {
          return ordered(budget, a.get(i), b.get(i), order);
        }
      }
      return order.holds(Integer.compare(a.size(), b.size()));
    } finally {
      budget.leave();
    }
  }

  /** Python's {@code item in container}. */
  public static boolean contains(Budget budget, Value container, Value item) {
    return switch (container) {
      case Str text -> holdsText(budget, text, item);
      case Dict dict -> dict.get(budget, item) != null;
      case DictView view when view.kind() == DictView.Kind.KEYS ->
          view.dict().get(budget, item) != null;
      default -> holdsItem(budget, container, item);
    };
  }

  private static boolean holdsText(Budget budget, Str text, Value item) {
    if (item instanceof Str part) {
      budget.scan((long) text.text().length() + part.text().length());
      return CodePoints.indexOf(text.text(), part.text(), 0) >= 0;
    }
    throw new Failure("'in <string>' requires string as left operand, not " + item.typeName());
  }

  private static boolean holdsItem(Budget budget, Value container, Value item) {
    if (!Iteration.isIterable(container)) {
      throw new Failure("argument of type '" + container.typeName() + "' is not iterable");
    }
    Iterator<Value> items = Iteration.of(budget, container);
    while (items.hasNext()) {
      if (same(budget, items.next(), item)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Python's {@code sorted}: stable, by merging, so that an order that contradicts itself (NaN)
   * only gives some order.
   */
  public static List<Value> sorted(
      Budget budget, List<Value> items, UnaryOperator<Value> key, boolean isReverse) {
    budget.chargeSlots(4L * items.size());
    List<Keyed> keyed = new ArrayList<>(items.size());
    for (Value item : items) {
      keyed.add(new Keyed(key.apply(item), item));
    }
    Keyed[] run = keyed.toArray(new Keyed[0]);
    mergeSort(budget, run, run.clone(), 0, run.length, isReverse);
    List<Value> sorted = new ArrayList<>(run.length);
    for (Keyed entry : run) {
      sorted.add(entry.item());
    }
    return sorted;
  }

  private record Keyed(Value key, Value item) {}

  private static void mergeSort(
      Budget budget, Keyed[] run, Keyed[] spare, int from, int to, boolean isReverse) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(budget, spare, run, from, middle, isReverse);
    mergeSort(budget, spare, run, middle, to, isReverse);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takesRight = left >= middle;
      if (!takesRight && right < to) {
        Value first = spare[isReverse ? left : right].key();
        Value second = spare[isReverse ? right : left].key();
        takesRight = less(budget, first, second);
      }
      run[i] = takesRight ? spare[right++] : spare[left++];
    }
  }
}

package dev.nearside.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic on numbers, and {@code +} and {@code *} on sequences. */
public final class Arithmetic {
  /** The longest integer: beyond Python's 4300 digits it could not be printed anyway. */
  public static final int MAX_BITS = 1 << 16;

  private Arithmetic() {}

  /** The binary operators. */
  public enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  /**
   * {@code a operator b}.
   *
   * @throws Failure if Python would raise
   */
  public static Value apply(Budget budget, Operator operator, Value a, Value b) {
    if (operator == Operator.MODULO && a instanceof Str format) {
      return PercentFormat.format(budget, format, b);
    }
    if (a instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.failure();
    }
    BigInteger x = Values.integer(a);
    BigInteger y = Values.integer(b);
    if (x != null && y != null) {
      return integers(budget, operator, x, y);
    }
    if (Values.isNumber(a) && Values.isNumber(b)) {
      return new Real(reals(operator, toDouble(a), toDouble(b)));
    }
    Value joined =
        switch (operator) {
          case ADD -> add(budget, a, b);
          case MULTIPLY ->
              x != null ? repeat(budget, b, x) : y != null ? repeat(budget, a, y) : null;
          case SUBTRACT, DIVIDE, FLOOR_DIVIDE, MODULO, POWER -> null;
        };
    if (joined == null) {
      throw unsupported(operator, a, b);
    }
    return joined;
  }

  private static Failure unsupported(Operator operator, Value a, Value b) {
    if (operator == Operator.ADD && (a instanceof Str || a instanceof ListValue)) {
      return new Failure(
          "can only concatenate "
              + a.typeName()
              + " (not \""
              + b.typeName()
              + "\") to "
              + a.typeName());
    }
    String name = operator == Operator.POWER ? "** or pow()" : operator.symbol;
    return new Failure(
        "unsupported operand type(s) for "
            + name
            + ": '"
            + a.typeName()
            + "' and '"
            + b.typeName()
            + "'");
  }

  private static Value integers(Budget budget, Operator operator, BigInteger x, BigInteger y) {
    budget.steps((x.bitLength() + y.bitLength()) >> 6);
    return switch (operator) {
      case ADD -> integer(x.add(y));
      case SUBTRACT -> integer(x.subtract(y));
      case MULTIPLY -> integer(x.multiply(y));
      case DIVIDE -> new Real(divide(x, y));
      case FLOOR_DIVIDE -> integer(floorDivide(nonZero(x, y), y)[0]);
      case MODULO -> integer(floorDivide(nonZero(x, y), y)[1]);
      case POWER -> power(budget, x, y);
    };
  }

  private static Int integer(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw new Failure("integer too large: more than " + MAX_BITS + " bits");
    }
    return new Int(value);
  }

  private static BigInteger nonZero(BigInteger x, BigInteger y) {
    if (y.signum() == 0) {
      throw new Failure("integer division or modulo by zero");
    }
    return x;
  }

  /** Quotient rounded down, and the remainder with the divisor's sign. */
  private static BigInteger[] floorDivide(BigInteger x, BigInteger y) {
    BigInteger[] parts = x.divideAndRemainder(y);
    if (parts[1].signum() != 0 && parts[1].signum() != y.signum()) {
      parts[0] = parts[0].subtract(BigInteger.ONE);
      parts[1] = parts[1].add(y);
    }
    return parts;
  }

  private static double divide(BigInteger x, BigInteger y) {
    if (y.signum() == 0) {
      throw new Failure("division by zero");
    }
    if (x.bitLength() <= 53 && y.bitLength() <= 53) {
      return x.doubleValue() / y.doubleValue();
    }
    double quotient =
        new BigDecimal(x).divide(new BigDecimal(y), new MathContext(60)).doubleValue();
    return finite(quotient, "integer division result too large for a float");
  }

  private static Value power(Budget budget, BigInteger x, BigInteger y) {
    if (y.signum() < 0) {
      return new Real(reals(Operator.POWER, toDouble(new Int(x)), toDouble(new Int(y))));
    }
    long bits = x.abs().bitLength();
    if (bits > 1 && (y.bitLength() > 32 || (bits - 1) * y.longValue() > MAX_BITS)) {
      throw new Failure("integer too large: more than " + MAX_BITS + " bits");
    }
    if (bits <= 1) {
      boolean isOdd = y.testBit(0);
      boolean isOne = y.signum() == 0 || x.signum() > 0 || (x.signum() < 0 && !isOdd);
      return new Int(isOne ? BigInteger.ONE : x.signum() == 0 ? BigInteger.ZERO : x);
    }
    budget.steps((bits * y.longValue()) >> 6);
    return integer(x.pow(y.intValue()));
  }

  private static double reals(Operator operator, double x, double y) {
    return switch (operator) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / nonZero(y, "float division by zero");
      case FLOOR_DIVIDE -> floorDivide(x, nonZero(y, "float floor division by zero"));
      case MODULO -> modulo(x, nonZero(y, "float modulo"));
      case POWER -> power(x, y);
    };
  }

  private static double nonZero(double y, String message) {
    if (y == 0.0) {
      throw new Failure(message);
    }
    return y;
  }

  /** CPython's {@code float_floor_div}. */
  private static double floorDivide(double x, double y) {
    double modulo = modulo(x, y);
    double quotient = (x - modulo) / y;
    if (quotient == 0.0) {
      return Math.copySign(0.0, x / y);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1.0 : floor;
  }

  private static double modulo(double x, double y) {
    double modulo = x % y;
    if (modulo == 0.0) {
      return Math.copySign(0.0, y);
    }
    return (modulo < 0) == (y < 0) ? modulo : modulo + y;
  }

  private static double power(double x, double y) {
    if (x == 0.0 && y < 0) {
      throw new Failure("0.0 cannot be raised to a negative power");
    }
    if (x == 1.0) {
      return 1.0;
    }
    if (x < 0 && y != Math.rint(y) && !Double.isInfinite(x)) {
      throw new Failure(
          "complex numbers are not supported: a negative number to a fractional power");
    }
    double power = x == -1.0 && Double.isInfinite(y) ? 1.0 : Math.pow(x, y);
    return Double.isInfinite(x) || Double.isInfinite(y)
        ? power
        : finite(power, "numerical result out of range");
  }

  private static double finite(double value, String message) {
    if (Double.isInfinite(value)) {
      throw new Failure(message);
    }
    return value;
  }

  /** A number as a float; an integer too large for one is an error, as in Python. */
  public static double toDouble(Value number) {
    if (number instanceof Real real) {
      return real.value();
    }
    BigInteger whole = Values.integer(number);
    if (whole == null) {
      throw new Failure("must be real number, not " + number.typeName());
    }
    return finite(whole.doubleValue(), "int too large to convert to float");
  }

  private static @Nullable Value add(Budget budget, Value a, Value b) {
    if (a instanceof Str x && b instanceof Str y) {
      return concat(budget, x, y);
    }
    if (a instanceof ListValue x && b instanceof ListValue y) {
      return new ListValue(join(budget, x.items(), y.items()));
    }
    if (a instanceof Tuple x && b instanceof Tuple y) {
      return Tuple.of(join(budget, x.items(), y.items()));
    }
    return null;
  }

  private static Str concat(Budget budget, Str x, Str y) {
    boolean safe = x.safe() || y.safe();
    String left = safe && !x.safe() ? Html.escape(budget, x.text()) : x.text();
    String right = safe && !y.safe() ? Html.escape(budget, y.text()) : y.text();
    budget.charge((long) left.length() + right.length());
    return new Str(left + right, safe);
  }

  private static List<Value> join(Budget budget, List<Value> x, List<Value> y) {
    budget.chargeSlots((long) x.size() + y.size());
    List<Value> items = new ArrayList<>(x.size() + y.size());
    items.addAll(x);
    items.addAll(y);
    return items;
  }

  private static @Nullable Value repeat(Budget budget, Value sequence, BigInteger times) {
    if (times.bitLength() > 62) {
      if (times.signum() > 0 && Values.length(sequence) > 0) {
        throw new Failure("cannot repeat a sequence so often");
      }
    }
    int count = Values.clamp(times.max(BigInteger.ZERO));
    return switch (sequence) {
      case Str text -> text.like(repeat(budget, text.text(), count));
      case ListValue list -> new ListValue(repeat(budget, list.items(), count));
      case Tuple tuple -> Tuple.of(repeat(budget, tuple.items(), count));
      default -> null;
    };
  }

  /** {@code text * count}, charged before it is made. */
  public static String repeat(Budget budget, String text, int count) {
    budget.charge((long) text.length() * Math.max(count, 0));
    return text.repeat(Math.max(count, 0));
  }

  private static List<Value> repeat(Budget budget, List<Value> items, int count) {
    budget.chargeSlots((long) items.size() * count);
    List<Value> repeated = new ArrayList<>(items.size() * count);
    for (int i = 0; i < count && !items.isEmpty(); i++) {
      repeated.addAll(items);
    }
    return repeated;
  }

  /** Python's unary minus, or plus. */
  public static Value sign(Value value, boolean isMinus) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (value instanceof Real number) {
      return isMinus ? new Real(-number.value()) : number;
    }
    BigInteger whole = Values.integer(value);
    if (whole == null) {
      throw new Failure(
          "bad operand type for unary " + (isMinus ? "-" : "+") + ": '" + value.typeName() + "'");
    }
    return new Int(isMinus ? whole.negate() : whole);
  }
}

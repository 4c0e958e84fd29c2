package dev.nearside.jinja.value;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code format % values}. Reference: "printf-style String Formatting" in the Python
 * library reference.
 */
public final class PercentFormat {
  private final Budget budget;
  private final String format;
  private final boolean safe;
  private final Value values;
  private final List<Value> sequence;
  private final StringBuilder out = new StringBuilder();
  private int position;
  private int used;

  private PercentFormat(Budget budget, Str format, Value values) {
    this.budget = budget;
    this.format = format.text();
    this.safe = format.safe();
    this.values = values;
    this.sequence = values instanceof Tuple tuple ? tuple.items() : List.of(values);
  }

  public static Str format(Budget budget, Str format, Value values) {
    return new Str(new PercentFormat(budget, format, values).run(), format.safe());
  }

  private record Spec(String flags, int width, int precision, char type) {
    boolean has(char flag) {
      return flags.indexOf(flag) >= 0;
    }
  }

  private String run() {
    boolean isKeyed = false;
    while (position < format.length()) {
      int percent = format.indexOf('%', position);
      int end = percent < 0 ? format.length() : percent;
      append(format.substring(position, end));
      position = end;
      if (percent >= 0) {
        position++;
        isKeyed |= conversion();
      }
    }
    boolean isMapping =
        values instanceof Dict
            || values instanceof ListValue
            || values instanceof Range
            || values instanceof Undefined;
    if (!isKeyed && !isMapping && used < sequence.size()) {
      throw new Failure("not all arguments converted during string formatting");
    }
    return out.toString();
  }

  private void append(String text) {
    budget.charge(text.length());
    budget.step();
    out.append(text);
  }

  private char peek() {
    if (position >= format.length()) {
      throw new Failure("incomplete format");
    }
    return format.charAt(position);
  }

  /** Formats one conversion; true if it named a key. */
  private boolean conversion() {
    if (peek() == '%') {
      position++;
      append("%");
      return false;
    }
    Value keyed = key();
    int start = position;
    while ("#0- +".indexOf(peek()) >= 0) {
      position++;
    }
    String flags = format.substring(start, position);
    int width = number();
    if (width < 0) {
      flags += "-";
      width = -width;
    }
    int precision = -1;
    if (peek() == '.') {
      position++;
      precision = Math.max(number(), 0);
    }
    while ("hlL".indexOf(peek()) >= 0) {
      position++;
    }
    char type = peek();
    position++;
    Spec spec = new Spec(flags, width, precision, type);
    append(field(spec, keyed == null ? next() : keyed));
    return keyed != null;
  }

  private @Nullable Value key() {
    if (peek() != '(') {
      return null;
    }
    int start = ++position;
    for (int open = 1; open > 0; position++) {
      open += peek() == '(' ? 1 : peek() == ')' ? -1 : 0;
    }
    Str key = Str.of(format.substring(start, position - 1));
    if (values instanceof Dict dict) {
      Value value = dict.get(budget, key);
      if (value == null) {
        throw new Failure("KeyError: " + Text.repr(budget, key));
      }
      return value;
    }
    throw new Failure("format requires a mapping");
  }

  private int number() {
    if (peek() == '*') {
      position++;
      BigInteger number = Values.integer(next());
      if (number == null) {
        throw new Failure("* wants int");
      }
      return Math.max(Values.clamp(number), -Integer.MAX_VALUE);
    }
    long number = 0;
    while (peek() >= '0' && peek() <= '9') {
      number = Math.min(number * 10 + (peek() - '0'), Integer.MAX_VALUE);
      position++;
    }
    return (int) number;
  }

  private Value next() {
    if (used >= sequence.size()) {
      throw new Failure("not enough arguments for format string");
    }
    return sequence.get(used++);
  }

  private String field(Spec spec, Value value) {
    return switch (spec.type()) {
      case 's' -> text(spec, escaped(Text.str(budget, value), value));
      case 'r' -> text(spec, escaped(Text.repr(budget, value), null));
      case 'a' -> text(spec, escaped(Text.ascii(budget, value), null));
      case 'c' -> text(new Spec(spec.flags(), spec.width(), -1, 'c'), character(value));
      case 'd', 'i', 'u' -> integer(spec, whole(value), 10);
      case 'x', 'X' -> integer(spec, exactInteger(spec, value), 16);
      case 'o' -> integer(spec, exactInteger(spec, value), 8);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> real(spec, value);
      default ->
          throw new Failure(
              "unsupported format character '" + spec.type() + "' at index " + (position - 1));
    };
  }

  private String escaped(String text, @Nullable Value source) {
    boolean isSafe = !safe || (source instanceof Str known && known.safe());
    return isSafe ? text : Html.escape(budget, text);
  }

  private String text(Spec spec, String text) {
    String cut = text;
    if (spec.precision() >= 0 && CodePoints.length(text) > spec.precision()) {
      cut = CodePoints.substring(text, 0, spec.precision());
    }
    int missing = spec.width() - CodePoints.length(cut);
    return NumberText.pad(budget, cut, missing, spec.has('-') ? '<' : '>', " ");
  }

  private String character(Value value) {
    BigInteger code = Values.integer(value);
    if (code != null) {
      if (code.signum() < 0
          || code.bitLength() > 21
          || !Character.isValidCodePoint(code.intValue())) {
        throw new Failure("the character code is not in range(0x110000)");
      }
      return Character.toString(code.intValue());
    }
    if (value instanceof Str text && CodePoints.length(text.text()) == 1) {
      return text.text();
    }
    throw new Failure("conversion c requires int or char");
  }

  private BigInteger whole(Value value) {
    if (value instanceof Real number) {
      return NumberText.truncate(number.value());
    }
    BigInteger number = Values.integer(value);
    if (number == null) {
      throw wrongType("an integer conversion: a real number is required, not ", value);
    }
    return number;
  }

  private static BigInteger exactInteger(Spec spec, Value value) {
    BigInteger number = Values.integer(value);
    if (number == null) {
      throw wrongType("%" + spec.type() + " format: an integer is required, not ", value);
    }
    return number;
  }

  private static Failure wrongType(String message, Value value) {
    return value instanceof Undefined undefined
        ? undefined.failure()
        : new Failure(message + value.typeName());
  }

  private String integer(Spec spec, BigInteger value, int base) {
    boolean isUpper = spec.type() == 'X';
    NumberText number = NumberText.integer(value, base, isUpper, spec.has('#'), signs(spec));
    return layOut(spec, number.padDigits(budget, spec.precision()));
  }

  private String real(Spec spec, Value value) {
    if (!Values.isNumber(value)) {
      throw wrongType("must be real number, not ", value);
    }
    double number = Arithmetic.toDouble(value);
    char type = Character.toLowerCase(spec.type());
    int precision = spec.precision() < 0 ? 6 : spec.precision();
    String digits = RealText.format(budget, number, type, precision, spec.has('#'));
    if (Character.isUpperCase(spec.type())) {
      digits = digits.toUpperCase(Locale.ROOT);
    }
    boolean isNegative = number < 0 || (number == 0.0 && 1 / number < 0);
    return layOut(spec, NumberText.real(digits, isNegative, signs(spec)));
  }

  private static char signs(Spec spec) {
    return spec.has('+') ? '+' : spec.has(' ') ? ' ' : '-';
  }

  private String layOut(Spec spec, NumberText number) {
    boolean isLeft = spec.has('-');
    boolean isZero = spec.has('0') && !isLeft;
    char align = isLeft ? '<' : isZero ? '=' : '>';
    return number.layOut(
        budget, new NumberText.Layout(spec.width(), align, isZero ? "0" : " ", "", 3));
  }
}

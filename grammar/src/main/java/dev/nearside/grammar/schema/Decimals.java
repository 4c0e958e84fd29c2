package dev.nearside.grammar.schema;

import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.text.CharDfa;
import dev.nearside.grammar.text.Regex;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Ranges and multiples of decimal numbers as languages of their texts. */
final class Decimals {
  /** How many digits before the point: every integer is exact as a double, or close to it. */
  private static final int INTEGER_DIGITS = 16;

  private static final int FRACTION_DIGITS = 16;
  private static final int MAX_MULTIPLE_STATES = 12_000;

  private Decimals() {}

  /** Integers without a fraction: {@code 0}, {@code -12}; never {@code -0}. */
  static CharDfa integers(int digits) {
    return Regex.whole("0|-?[1-9][0-9]{0," + (digits - 1) + "}");
  }

  /** Numbers without an exponent. */
  static CharDfa plain(int digits) {
    return Regex.whole(
        "-?(0|[1-9][0-9]{0," + (digits - 1) + "})(\\.[0-9]{1," + FRACTION_DIGITS + "})?");
  }

  /** Numbers that are no integers. */
  static CharDfa fractions(int digits) {
    return Regex.whole(
        "-?(0|[1-9][0-9]{0,"
            + (digits - 1)
            + "})\\.[0-9]{0,"
            + (FRACTION_DIGITS - 1)
            + "}[1-9]0{0,3}");
  }

  /** All numbers, with exponents that no double overflows from. */
  static CharDfa all() {
    return Regex.whole("-?(0|[1-9][0-9]{0,15})(\\.[0-9]{1,16})?([eE][+-]?[0-9]{1,2})?");
  }

  /** How many digits before the point numbers need that are near {@code bounds}. */
  static int digits(Bounds bounds) {
    int digits = INTEGER_DIGITS;
    for (BigDecimal bound : new BigDecimal[] {orZero(bounds.low()), orZero(bounds.high())}) {
      int own = bound.precision() - bound.scale();
      digits = own > INTEGER_DIGITS ? Math.max(digits, own + 1) : digits;
    }
    return digits;
  }

  private static BigDecimal orZero(@Nullable BigDecimal value) {
    return value == null ? BigDecimal.ZERO : value;
  }

  /** The texts of numbers that are at least (or more than) {@code bound}. */
  static CharDfa above(BigDecimal bound, boolean isInclusive) {
    IntPredicate order = isInclusive ? c -> c >= 0 : c -> c > 0;
    return signed(bound, order);
  }

  /** The texts of numbers that are at most (or less than) {@code bound}. */
  static CharDfa below(BigDecimal bound, boolean isInclusive) {
    IntPredicate order = isInclusive ? c -> c <= 0 : c -> c < 0;
    return signed(bound, order);
  }

  /**
   * @param order whether a number fits, by how it compares with the bound
   */
  private static CharDfa signed(BigDecimal bound, IntPredicate order) {
    CharDfa.Builder out = new CharDfa.Builder();
    int start = out.state(false);
    BigDecimal size = bound.abs();
    // A number of the other sign than the bound compares as its sign does, but zero has none.
    int sign = bound.signum();
    IntPredicate positive = sign >= 0 ? order : c -> order.test(1);
    IntPredicate negative = sign <= 0 ? c -> order.test(-c) : c -> order.test(-1);
    BigDecimal forPositive = sign >= 0 ? size : BigDecimal.ZERO;
    BigDecimal forNegative = sign <= 0 ? size : BigDecimal.ZERO;
    magnitude(out, start, forPositive, positive);
    int minus = out.state(false);
    out.range(start, '-', '-', minus);
    magnitude(out, minus, forNegative, negative);
    return out.build().trimmed();
  }

  /** Digits after {@code start}, accepted by how the number compares with {@code bound}. */
  private static void magnitude(
      CharDfa.Builder out, int start, BigDecimal bound, IntPredicate order) {
    String[] parts = bound.stripTrailingZeros().toPlainString().split("\\.");
    String whole = parts[0];
    String fraction = parts.length > 1 ? parts[1] : "";
    int n = whole.length();
    int[] fractions = new int[3];
    for (int cmp = -1; cmp <= 1; cmp += 2) {
      fractions[cmp + 1] = out.state(order.test(cmp));
      out.range(fractions[cmp + 1], '0', '9', fractions[cmp + 1]);
    }
    int[] equal = new int[fraction.length() + 1];
    for (int k = 0; k <= fraction.length(); k++) {
      equal[k] = out.state(order.test(k < fraction.length() ? -1 : 0));
    }
    for (int k = 0; k <= fraction.length(); k++) {
      char digit = k < fraction.length() ? fraction.charAt(k) : '0';
      int same = k < fraction.length() ? equal[k + 1] : equal[k];
      compare(out, equal[k], digit, fractions[0], same, fractions[2]);
    }
    int[][] state = new int[n + 1][3];
    for (int i = 1; i <= n; i++) {
      for (int cmp = -1; cmp <= 1; cmp++) {
        int atEnd = i < n ? -1 : cmp != 0 ? cmp : fraction.isEmpty() ? 0 : -1;
        state[i][cmp + 1] = out.state(order.test(atEnd));
        int afterPoint = i < n ? fractions[0] : cmp == 0 ? equal[0] : fractions[cmp + 1];
        out.range(state[i][cmp + 1], '.', '.', afterPoint);
      }
    }
    int more = out.state(order.test(1));
    out.range(more, '0', '9', more);
    out.range(more, '.', '.', fractions[2]);
    compare(out, start, whole.charAt(0), state[1][0], state[1][1], state[1][2]);
    for (int i = 1; i < n; i++) {
      out.range(state[i][0], '0', '9', state[i + 1][0]);
      compare(out, state[i][1], whole.charAt(i), state[i + 1][0], state[i + 1][1], state[i + 1][2]);
      out.range(state[i][2], '0', '9', state[i + 1][2]);
    }
    for (int cmp = 0; cmp < 3; cmp++) {
      out.range(state[n][cmp], '0', '9', more);
    }
  }

  private static void compare(
      CharDfa.Builder out, int from, char digit, int less, int same, int greater) {
    if (digit > '0') {
      out.range(from, '0', digit - 1, less);
    }
    out.range(from, digit, digit, same);
    if (digit < '9') {
      out.range(from, digit + 1, '9', greater);
    }
  }

  /** Whether {@link #multiples} can be built. */
  static boolean isCountable(BigDecimal multiple) {
    int scale = Math.max(0, multiple.scale());
    BigInteger units = multiple.movePointRight(scale).toBigIntegerExact();
    return units.bitLength() < 31 && units.longValue() * (2L * scale + 2) <= MAX_MULTIPLE_STATES;
  }

  /** The texts of the multiples of a number. */
  static CharDfa multiples(BigDecimal multiple) {
    int scale = Math.max(0, multiple.scale());
    int units = multiple.movePointRight(scale).intValueExact();
    CharDfa.Builder out = new CharDfa.Builder();
    int start = out.state(false);
    int[][] states = new int[scale + 2][units]; // by phase + 1 and rest
    // First the digits before the point (phase -1), then phase k after k digits behind it.
    for (int phase = -1; phase <= scale; phase++) {
      for (int rest = 0; rest < units; rest++) {
        BigInteger value =
            BigInteger.valueOf(rest).multiply(BigInteger.TEN.pow(scale - Math.max(0, phase)));
        boolean fits = value.mod(BigInteger.valueOf(units)).signum() == 0;
        states[phase + 1][rest] = out.state(fits && phase != 0);
      }
    }
    int minus = out.state(false);
    out.range(start, '-', '-', minus);
    for (char digit = '0'; digit <= '9'; digit++) {
      int first = states[0][(digit - '0') % units];
      out.range(start, digit, digit, first);
      out.range(minus, digit, digit, first);
    }
    for (int phase = -1; phase <= scale; phase++) {
      for (int rest = 0; rest < units; rest++) {
        int from = states[phase + 1][rest];
        if (phase == -1) {
          out.range(from, '.', '.', states[1][rest]);
        }
        if (phase == scale) {
          out.chars(from, CharSet.of('0', '0'), from);
          continue;
        }
        for (char digit = '0'; digit <= '9'; digit++) {
          int next = (int) ((rest * 10L + (digit - '0')) % units);
          int nextPhase = phase == -1 ? 0 : phase + 2;
          out.range(from, digit, digit, states[nextPhase][next]);
        }
      }
    }
    return out.build().trimmed();
  }
}

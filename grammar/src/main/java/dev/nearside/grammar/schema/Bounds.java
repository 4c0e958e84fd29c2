package dev.nearside.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that schemas allow.
 *
 * @param low lower bound, or null
 * @param hasLow whether the bound itself is allowed
 * @param high upper bound, or null
 * @param multiples what a number must be a multiple of
 */
record Bounds(
    @Nullable BigDecimal low,
    boolean hasLow,
    @Nullable BigDecimal high,
    boolean hasHigh,
    List<BigDecimal> multiples) {

  static Bounds of(List<Sub> flats) {
    BigDecimal low = null;
    BigDecimal high = null;
    boolean hasLow = true;
    boolean hasHigh = true;
    List<BigDecimal> multiples = new ArrayList<>();
    for (Sub flat : flats) {
      for (String keyword : List.of("minimum", "exclusiveMinimum")) {
        BigDecimal value = bound(flat, keyword);
        boolean isExclusive = keyword.startsWith("ex") || isOldExclusive(flat, "exclusiveMinimum");
        if (value != null
            && (low == null
                || value.compareTo(low) > 0
                || (value.compareTo(low) == 0 && isExclusive))) {
          low = value;
          hasLow = !isExclusive;
        }
      }
      for (String keyword : List.of("maximum", "exclusiveMaximum")) {
        BigDecimal value = bound(flat, keyword);
        boolean isExclusive = keyword.startsWith("ex") || isOldExclusive(flat, "exclusiveMaximum");
        if (value != null
            && (high == null
                || value.compareTo(high) < 0
                || (value.compareTo(high) == 0 && isExclusive))) {
          high = value;
          hasHigh = !isExclusive;
        }
      }
      BigDecimal multiple = flat.number("multipleOf");
      if (multiple != null) {
        if (multiple.signum() <= 0) {
          throw flat.malformed("multipleOf", "greater than 0");
        }
        multiples.add(multiple.stripTrailingZeros());
      }
    }
    return new Bounds(low, hasLow, high, hasHigh, multiples);
  }

  /** In draft 4 the exclusive keywords are flags. */
  private static boolean isOldExclusive(Sub flat, String keyword) {
    return flat.node().path(keyword).isBoolean() && flat.node().path(keyword).booleanValue();
  }

  private static @Nullable BigDecimal bound(Sub flat, String keyword) {
    return flat.node().path(keyword).isBoolean() ? null : flat.number(keyword);
  }

  boolean isUnlimited() {
    return low == null && high == null && multiples.isEmpty();
  }

  boolean isEmpty() {
    if (low == null || high == null) {
      return false;
    }
    int order = low.compareTo(high);
    return order > 0 || (order == 0 && !(hasLow && hasHigh));
  }

  boolean contains(BigDecimal value) {
    if (low != null && (value.compareTo(low) < 0 || (!hasLow && value.compareTo(low) == 0))) {
      return false;
    }
    if (high != null && (value.compareTo(high) > 0 || (!hasHigh && value.compareTo(high) == 0))) {
      return false;
    }
    return multiples.stream().allMatch(m -> value.remainder(m).signum() == 0);
  }
}

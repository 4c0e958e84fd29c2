package dev.nearside.engine.power;

import dev.nearside.base.Fault;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How much power computing may take. */
public sealed interface PowerBudget {
  /** The least share of its time that is computed in, whatever the budget: else nothing ends. */
  double LEAST_SHARE = 0.05;

  /** Watts of the processor and its memory, on average, whoever takes them. */
  record Watts(double watts) implements PowerBudget {
    @Override
    public String toString() {
      return number(watts) + " W";
    }
  }

  /**
   * A part of the time that may be computed in; the rest of it is rested.
   *
   * @param share from {@link #LEAST_SHARE} to 1
   */
  record Share(double share) implements PowerBudget {
    @Override
    public String toString() {
      return number(share * 100) + "%";
    }
  }

  /**
   * Reads {@code 15}, {@code 15W} or {@code 50%}.
   *
   * @throws PowerException when it is nothing of that
   */
  static PowerBudget parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    boolean isShare = word.endsWith("%");
    String digits = isShare || word.endsWith("w") ? word.substring(0, word.length() - 1) : word;
    double value = value(text, digits.strip());
    if (!isShare) {
      if (!(value > 0)) {
        throw wrong(text);
      }
      return new Watts(value);
    }
    if (!(value >= 100 * LEAST_SHARE && value <= 100)) {
      throw wrong(text);
    }
    return new Share(value / 100);
  }

  private static double value(String text, String digits) {
    if (!digits.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      throw wrong(text);
    }
    return Double.parseDouble(digits);
  }

  private static PowerException wrong(String text) {
    return new PowerException(
        Fault.of("this is no power budget")
            .got("'" + text + "'")
            .expected(
                "watts, such as 15W, or a share of the time from "
                    + number(100 * LEAST_SHARE)
                    + "% to 100%"));
  }

  private static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(4));
    return rounded.stripTrailingZeros().toPlainString();
  }
}

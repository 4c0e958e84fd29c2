package dev.nearside.model;

import dev.nearside.base.Fault;
import java.util.Arrays;
import java.util.Locale;

/** How the states of a text's tokens become one vector; numbered as GGUF's {@code pooling_type}. */
public enum Pooling {
  /** They don't: a vector per token. */
  NONE,
  /** The mean of all tokens. */
  MEAN,
  /** The first token. */
  CLS,
  /** The last token. */
  LAST,
  /** Scores of a classification head. */
  RANK;

  /**
   * The pooling with this name.
   *
   * @throws ModelException when there is none
   */
  public static Pooling named(String name) {
    return Arrays.stream(values())
        .filter(p -> p.label().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new ModelException(
                Fault.of("there is no such pooling").got(name).expected("one of " + names())));
  }

  private static String names() {
    return String.join(", ", Arrays.stream(values()).map(Pooling::label).toList());
  }

  /** {@code mean}, {@code cls}, … */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

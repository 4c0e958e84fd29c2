package dev.nearside.model;

import dev.nearside.base.Fault;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How the states of a text's tokens become one vector; numbered as GGUF's {@code pooling_type}. */
public enum Pooling {
  /** They don't: a vector per token. */
  NONE(0),
  /** The mean of all tokens. */
  MEAN(1),
  /** The first token. */
  CLS(2),
  /** The last token. */
  LAST(3),
  /** Scores of a classification head. */
  RANK(4);

  private final int number;

  Pooling(int number) {
    this.number = number;
  }

  /** GGUF's number. */
  public int number() {
    return number;
  }

  /** The pooling with GGUF's number, if there is one. */
  public static Optional<Pooling> numbered(int number) {
    return Arrays.stream(values()).filter(p -> p.number == number).findFirst();
  }

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

package dev.nearside.tokenizer.text;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A text that counts how often it is looked at, so that a regular expression from a file can't
 * backtrack for ever: more than a few hundred looks per character are an error.
 */
public final class GuardedText implements CharSequence {
  private static final long LOOKS_PER_CHARACTER = 1000;
  private static final long LOOKS_AT_LEAST = 1_000_000;

  private final CharSequence text;
  private final Budget budget;

  private GuardedText(CharSequence text, Budget budget) {
    this.text = text;
    this.budget = budget;
  }

  /** Runs {@code action} on a guarded {@code text}; too much work or depth is a typed error. */
  public static void run(Pattern pattern, String text, Consumer<CharSequence> action) {
    long budget = LOOKS_AT_LEAST + LOOKS_PER_CHARACTER * text.length();
    try {
      action.accept(new GuardedText(text, new Budget(budget)));
    } catch (Exhausted e) {
      throw tooHard("needs too many steps", pattern, text, e);
    } catch (StackOverflowError e) {
      throw tooHard("needs too deep a stack", pattern, text, e);
    }
  }

  private static TokenizerException tooHard(
      String how, Pattern pattern, String text, Throwable cause) {
    return new TokenizerException(
        Fault.of("the vocabulary's regular expression " + how)
            .got(pattern.pattern())
            .where("a text of " + text.length() + " characters"),
        cause);
  }

  @Override
  public char charAt(int index) {
    if (--budget.left < 0) {
      throw new Exhausted();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new GuardedText(text.subSequence(start, end), budget);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private static final class Budget {
    private long left;

    Budget(long left) {
      this.left = left;
    }
  }

  private static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exhausted() {
      super("step limit", null, false, false);
    }
  }
}

package dev.nearside.engine.sample;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.Sampling;
import org.jspecify.annotations.Nullable;

/** Refuses sampling values that make no sense. */
public final class SamplingRanges {
  private static final int MOST_BREAKERS = 64;
  private static final int LONGEST_BREAKER = 100; // characters

  private SamplingRanges() {}

  /**
   * Looks at each value that is given.
   *
   * @throws ChatException where one is out of range
   */
  public static void check(Sampling s) {
    range("temperature", s.temperature(), 0, 100);
    range("top-k", s.topK(), 0, Integer.MAX_VALUE);
    range("top-p", s.topP(), 0, 1);
    range("min-p", s.minP(), 0, 1);
    range("typical", s.typicalP(), 0, 1);
    if (s.xtc() != null) {
      range("xtc-probability", s.xtc().probability(), 0, 1);
      range("xtc-threshold", s.xtc().threshold(), 0, 1);
    }
    if (s.dry() != null) {
      range("dry-multiplier", s.dry().multiplier(), 0, 1000);
      range("dry-base", s.dry().base(), 1, 100);
      range("dry-allowed-length", s.dry().allowedLength(), 1, Integer.MAX_VALUE);
      range("dry-last-n", s.dry().lastTokens(), -1, Integer.MAX_VALUE);
      range("number of dry-sequence-breakers", s.dry().breakers().size(), 0, MOST_BREAKERS);
      s.dry().breakers().forEach(b -> range("length of a breaker", b.length(), 1, LONGEST_BREAKER));
    }
    if (s.mirostat() != null) {
      range("mirostat-tau", s.mirostat().tau(), 0, 100);
      range("mirostat-eta", s.mirostat().eta(), 0, 10);
    }
    if (s.penalties() != null) {
      range("repeat-penalty", s.penalties().repeat(), 0.01, 100);
      range("presence-penalty", s.penalties().presence(), -100, 100);
      range("frequency-penalty", s.penalties().frequency(), -100, 100);
      range("repeat-last-n", s.penalties().lastTokens(), -1, Integer.MAX_VALUE);
    }
  }

  private static void range(String name, @Nullable Number value, double low, double high) {
    if (value == null) {
      return;
    }
    double v = value.doubleValue();
    if (!(v >= low && v <= high)) {
      throw new ChatException(
          Fault.of(name + " is out of range").got(value).expected(low + " to " + high));
    }
  }
}

package dev.nearside.engine.eval;

import dev.nearside.base.Fault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a speed test does, named as llama-bench names it: {@code pp512} computes a prompt of 512
 * tokens at once, {@code tg128} 128 tokens one after the other, {@code tg128 @ d4096} the same with
 * 4,096 tokens before it.
 *
 * @param tokens tokens that are timed
 * @param depth tokens that stand before them
 */
public record SpeedSpec(Kind kind, int tokens, int depth) {
  /** A prompt (prefill) or a reply (decode). */
  public enum Kind {
    PROMPT,
    GENERATE
  }

  private static final Pattern NAME = Pattern.compile("(pp|tg)(\\d{1,7})(?:\\s*@\\s*d(\\d{1,7}))?");

  public SpeedSpec {
    if (tokens < 1 || depth < 0) {
      throw new EvalException(
          Fault.of("a speed test needs tokens")
              .got(tokens + " tokens at depth " + depth)
              .expected("at least one at depth 0"));
    }
  }

  /**
   * Reads a name.
   *
   * @throws EvalException when it is none
   */
  public static SpeedSpec parse(String name) {
    Matcher m = NAME.matcher(name.strip());
    if (!m.matches()) {
      throw new EvalException(
          Fault.of("no such speed test")
              .got("'" + name + "'")
              .expected("for instance pp512, tg128, tg128@d4096"));
    }
    return new SpeedSpec(
        m.group(1).equals("pp") ? Kind.PROMPT : Kind.GENERATE,
        Integer.parseInt(m.group(2)),
        m.group(3) == null ? 0 : Integer.parseInt(m.group(3)));
  }

  public String name() {
    String base = (kind == Kind.PROMPT ? "pp" : "tg") + tokens;
    return depth == 0 ? base : base + " @ d" + depth;
  }

  /** Positions that the test reaches. */
  public int positions() {
    return Math.addExact(depth, tokens);
  }
}

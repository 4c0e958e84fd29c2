package dev.nearside.engine.parse.syntax;

import java.util.List;

/**
 * How a model writes its thoughts.
 *
 * @param open marker before them
 * @param close marker after them
 * @param headings text that a template or model may put after {@code open} and that is no thought
 * @param isAnywhere whether thoughts may also follow text, and not only begin a reply or follow a
 *     call
 * @param interrupts whether a call ends the thoughts without their closing marker
 */
public record Thinking(
    String open, String close, List<String> headings, boolean isAnywhere, Interrupts interrupts) {
  /** {@code <think>…</think>}. */
  public static final Thinking TAGS = of("<think>", "</think>");

  /** When a call ends the thoughts. */
  public enum Interrupts {
    /** Never: what looks like one is a thought. */
    NEVER,
    /** When it begins a line. */
    LINE,
    /** Always. */
    ALWAYS
  }

  public Thinking {
    headings = List.copyOf(headings);
  }

  /** Thoughts at the beginning, which a call on its own line ends. */
  public static Thinking of(String open, String close) {
    return new Thinking(open, close, List.of(), false, Interrupts.LINE);
  }

  public Thinking anywhere() {
    return new Thinking(open, close, headings, true, interrupts);
  }

  public Thinking interruptedBy(Interrupts other) {
    return new Thinking(open, close, headings, isAnywhere, other);
  }
}

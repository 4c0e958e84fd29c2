package dev.nearside.engine.parse;

import dev.nearside.chat.ToolSpec;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a parser has to know of the request.
 *
 * @param tools that may be called; none = nothing is taken for a call
 * @param isParallel whether there may be several calls
 * @param start where in a reply the prompt ends
 * @param random for the ids of calls
 */
public record ReplyContext(
    List<ToolSpec> tools, boolean isParallel, Start start, RandomGenerator random) {
  /** Where in a reply a prompt ends. */
  public enum Start {
    /** Before it. */
    REPLY,
    /** After the marker that opens the thoughts. */
    THOUGHTS,
    /** Within the thoughts. */
    WITHIN_THOUGHTS,
    /** Within the answer's text. */
    WITHIN_TEXT
  }

  public ReplyContext {
    tools = List.copyOf(tools);
  }
}

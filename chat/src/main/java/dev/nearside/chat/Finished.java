package dev.nearside.chat;

import org.jspecify.annotations.Nullable;

/**
 * The end of a reply.
 *
 * @param stop the stop string that ended it, or null
 */
public record Finished(FinishReason reason, @Nullable String stop, Usage usage, Timings timings) {
  public Finished(FinishReason reason, Usage usage, Timings timings) {
    this(reason, null, usage, timings);
  }
}

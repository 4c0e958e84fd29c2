package dev.nearside.chat;

import dev.nearside.base.Fault;
import java.util.List;

/**
 * When a reply ends, besides the model's own end.
 *
 * @param maxTokens tokens to generate at most; 0 = as many as the context holds
 * @param stop strings that end the reply and are not part of it; each piece of the reply is
 *     compared with all of them
 */
public record Limits(int maxTokens, List<String> stop) {
  public static final int MAX_STOPS = 64;

  /** Characters of one of them. */
  public static final int MAX_STOP_LENGTH = 1024;

  public static final Limits NONE = new Limits(0, List.of());

  /**
   * @throws ChatException when there are too many strings, or one is too long
   */
  public Limits {
    stop = List.copyOf(stop);
    if (stop.size() > MAX_STOPS) {
      throw new ChatException(
          Fault.of("there are too many stop strings")
              .got(stop.size())
              .expected("at most " + MAX_STOPS));
    }
    for (String text : stop) {
      if (text.length() > MAX_STOP_LENGTH) {
        throw new ChatException(
            Fault.of("a stop string is too long")
                .got(text.length() + " characters")
                .expected("at most " + MAX_STOP_LENGTH));
      }
    }
  }
}

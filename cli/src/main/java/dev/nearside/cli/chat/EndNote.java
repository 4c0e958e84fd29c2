package dev.nearside.cli.chat;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import java.util.Optional;

/** What is told of a reply that was cut, and not by a limit that was asked for. */
public final class EndNote {
  private EndNote() {}

  /**
   * The line about a full context; empty when the reply ended otherwise.
   *
   * @param contextLength positions of one sequence, in tokens
   * @param remedy what can be done about it
   */
  public static Optional<String> ofFullContext(
      Finished finished, ChatSettings settings, int contextLength, String remedy) {
    boolean isAskedFor =
        settings.maxTokens() > 0 && finished.usage().completionTokens() >= settings.maxTokens();
    return finished.reason() == FinishReason.LENGTH && !isAskedFor
        ? Optional.of("(the context of " + contextLength + " tokens is full; " + remedy + ")")
        : Optional.empty();
  }
}

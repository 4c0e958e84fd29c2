package dev.nearside.chat;

import java.util.List;

/**
 * When a reply ends, besides the model's own end.
 *
 * @param maxTokens tokens to generate at most; 0 = as many as the context holds
 * @param stop strings that end the reply and are not part of it
 */
public record Limits(int maxTokens, List<String> stop) {
  public static final Limits NONE = new Limits(0, List.of());

  public Limits {
    stop = List.copyOf(stop);
  }
}

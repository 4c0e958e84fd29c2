package dev.nearside.chat;

import java.util.List;
import java.util.Map;

/**
 * What a caller asks of a {@link ChatBackend}.
 *
 * @param messages the turns so far, oldest first
 * @param sampling how tokens are chosen
 * @param limits when the reply ends
 * @param templateArgs further variables of the chat template, such as {@code enable_thinking}
 */
public record ChatRequest(
    List<Message> messages, Sampling sampling, Limits limits, Map<String, Object> templateArgs) {

  public ChatRequest {
    messages = List.copyOf(messages);
    templateArgs = Map.copyOf(templateArgs);
  }

  /** A chat with the backend's own settings. */
  public static ChatRequest of(List<Message> messages) {
    return new ChatRequest(messages, Sampling.DEFAULTS, Limits.NONE, Map.of());
  }

  /** A single question with the backend's own settings. */
  public static ChatRequest ofUser(String question) {
    return of(List.of(Message.user(question)));
  }
}

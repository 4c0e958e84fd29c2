package dev.nearside.chat;

import java.util.List;
import java.util.Map;

/**
 * What a caller asks of a {@link ChatBackend}. If the last message is an assistant's, the reply
 * continues it.
 *
 * @param messages the turns so far, oldest first
 * @param templateArgs further variables of the chat template, such as {@code enable_thinking}
 */
public record ChatRequest(
    List<Message> messages, Tools tools, Generation generation, Map<String, Object> templateArgs) {

  public ChatRequest {
    messages = List.copyOf(messages);
    templateArgs = Map.copyOf(templateArgs);
  }

  /** A chat without tools. */
  public ChatRequest(
      List<Message> messages, Sampling sampling, Limits limits, Map<String, Object> templateArgs) {
    this(messages, Tools.NONE, Generation.of(sampling, limits), templateArgs);
  }

  /** A chat with the backend's own settings. */
  public static ChatRequest of(List<Message> messages) {
    return new ChatRequest(messages, Tools.NONE, Generation.DEFAULTS, Map.of());
  }

  /** A single question with the backend's own settings. */
  public static ChatRequest ofUser(String question) {
    return of(List.of(Message.user(question)));
  }

  public ChatRequest withGeneration(Generation other) {
    return new ChatRequest(messages, tools, other, templateArgs);
  }

  public ChatRequest withTools(Tools other) {
    return new ChatRequest(messages, other, generation, templateArgs);
  }
}

package dev.nearside.cli.chat;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.Preset;
import dev.nearside.engine.LocalEngine;
import org.jspecify.annotations.Nullable;

/**
 * The model that a chat talks to, and what {@code /show} tells of it.
 *
 * @param isBase whether it can only continue texts, because it has no chat template
 * @param template the chat template in use, or null
 * @param parameters weights of the model
 * @param contextLength positions of one sequence, in tokens
 */
public record ChatModel(
    String name,
    ChatBackend chats,
    CompletionBackend completions,
    boolean isBase,
    @Nullable String template,
    String architecture,
    long parameters,
    int contextLength) {

  /**
   * The model of an engine.
   *
   * @param ownTemplate the template that replaces the model's, or null
   */
  public static ChatModel of(String name, LocalEngine engine, @Nullable String ownTemplate) {
    return new ChatModel(
        name,
        engine,
        engine,
        engine.template().isEmpty(),
        ownTemplate != null
            ? ownTemplate
            : engine.metadata().findString("tokenizer.chat_template").orElse(null),
        engine.model().architecture(),
        engine.model().parameters(),
        engine.contextLength());
  }

  /** The model with what it brings along for every request. */
  public ChatModel withPreset(Preset preset) {
    return new ChatModel(
        name,
        (request, sink) -> chats.chat(preset.fill(request), sink),
        (request, sink) -> completions.complete(preset.fill(request), sink),
        isBase,
        template,
        architecture,
        parameters,
        contextLength);
  }
}

package dev.nearside.chat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model brings along for every request that does not say otherwise.
 *
 * @param system the system prompt, for chats that begin without one
 * @param messages turns before the first one of the chat
 * @param limits for requests that set none
 * @param adapters for requests that name none
 */
public record Preset(
    @Nullable String system, List<Message> messages, Limits limits, List<AdapterUse> adapters) {
  /** Nothing at all. */
  public static final Preset NONE = new Preset(null, List.of(), Limits.NONE, List.of());

  public Preset {
    messages = List.copyOf(messages);
    adapters = List.copyOf(adapters);
  }

  /** The chat with what was open filled in. */
  public ChatRequest fill(ChatRequest request) {
    List<Message> asked = request.messages();
    boolean hasSystem = !asked.isEmpty() && asked.getFirst().role() == Role.SYSTEM;
    List<Message> all = new ArrayList<>();
    if (hasSystem) {
      all.add(asked.getFirst());
    } else if (system != null) {
      all.add(Message.system(system));
    }
    all.addAll(messages);
    all.addAll(hasSystem ? asked.subList(1, asked.size()) : asked);
    return new ChatRequest(
        all, request.tools(), fill(request.generation()), request.templateArgs());
  }

  /** The completion with what was open filled in. */
  public CompletionRequest fill(CompletionRequest request) {
    return new CompletionRequest(request.prompt(), fill(request.generation()));
  }

  private Generation fill(Generation g) {
    Limits asked = g.limits();
    Limits filled =
        new Limits(
            asked.maxTokens() > 0 ? asked.maxTokens() : limits.maxTokens(),
            asked.stop().isEmpty() ? limits.stop() : asked.stop());
    return g.withLimits(filled).withAdapters(g.adapters().isEmpty() ? adapters : g.adapters());
  }
}

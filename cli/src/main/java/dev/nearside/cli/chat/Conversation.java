package dev.nearside.cli.chat;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The turns of a chat, and the way to the next reply. */
final class Conversation {
  private final ChatModel model;
  private final List<Message> turns = new ArrayList<>();

  Conversation(ChatModel model) {
    this.model = model;
  }

  /** The turns without the system prompt. */
  List<Message> turns() {
    return List.copyOf(turns);
  }

  void clear() {
    turns.clear();
  }

  /** Takes up a saved chat. */
  void replace(List<Message> saved) {
    turns.clear();
    saved.stream().filter(m -> m.role() != Role.SYSTEM).forEach(turns::add);
  }

  /**
   * Asks. The question and what came of the answer become part of the chat, also when it was cut
   * short; after an error, or when nothing was said yet, the chat is as before. A base model
   * continues each text by itself.
   */
  Finished ask(String question, ChatSettings settings, ReplyPrinter printer)
      throws InterruptedException {
    Limits limits = new Limits(settings.maxTokens(), settings.stop());
    if (model.isBase()) {
      return model
          .completions()
          .complete(new CompletionRequest(question, false, settings.sampling(), limits), printer);
    }
    try {
      Finished finished = model.chats().chat(request(question, settings, limits), printer);
      if (finished.reason() != FinishReason.CANCELLED || !printer.text().isEmpty()) {
        keep(question, printer.text());
      }
      return finished;
    } catch (InterruptedException e) {
      if (!printer.text().isEmpty()) {
        keep(question, printer.text());
      }
      throw e;
    }
  }

  private void keep(String question, String answer) {
    turns.add(Message.user(question));
    turns.add(Message.assistant(answer));
  }

  private ChatRequest request(String question, ChatSettings settings, Limits limits) {
    List<Message> messages = new ArrayList<>();
    if (settings.system() != null) {
      messages.add(Message.system(settings.system()));
    }
    messages.addAll(turns);
    messages.add(Message.user(question));
    Map<String, Object> args =
        settings.think() == null ? Map.of() : Map.of("enable_thinking", settings.think());
    return new ChatRequest(messages, settings.sampling(), limits, args);
  }
}

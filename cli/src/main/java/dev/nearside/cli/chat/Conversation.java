package dev.nearside.cli.chat;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import dev.nearside.engine.LocalEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The turns of a chat, and the way to the next reply. */
final class Conversation {
  private final LocalEngine engine;
  private final List<Message> turns = new ArrayList<>();

  Conversation(LocalEngine engine) {
    this.engine = engine;
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

  /** Whether the model can only continue texts. */
  boolean isBase() {
    return engine.template().isEmpty();
  }

  /**
   * Asks. The question and what came of the answer become part of the chat, also when it was cut
   * short; after an error the chat is as before.
   */
  Finished ask(String question, ChatSettings settings, ReplyPrinter printer)
      throws InterruptedException {
    Limits limits = new Limits(settings.maxTokens(), settings.stop());
    if (isBase()) {
      return engine.complete(
          new CompletionRequest(question, false, settings.sampling(), limits), printer);
    }
    turns.add(Message.user(question));
    boolean isKept = false;
    try {
      Finished finished = engine.chat(request(settings, limits), printer);
      isKept = true;
      return finished;
    } catch (InterruptedException e) {
      isKept = true;
      throw e;
    } finally {
      if (isKept) {
        turns.add(Message.assistant(printer.text()));
      } else {
        turns.removeLast();
      }
    }
  }

  private ChatRequest request(ChatSettings settings, Limits limits) {
    List<Message> messages = new ArrayList<>();
    if (settings.system() != null) {
      messages.add(Message.system(settings.system()));
    }
    messages.addAll(turns);
    Map<String, Object> args =
        settings.think() == null ? Map.of() : Map.of("enable_thinking", settings.think());
    return new ChatRequest(messages, settings.sampling(), limits, args);
  }
}

package dev.nearside.cli.chat;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Message;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Role;
import dev.nearside.chat.Tools;
import java.util.ArrayList;
import java.util.List;

/** The turns of a chat, and the way to the next reply. */
public final class Conversation {
  private final ChatModel model;
  private final List<Message> turns = new ArrayList<>();

  public Conversation(ChatModel model) {
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
  public Finished ask(String question, ChatSettings settings, ReplyPrinter printer)
      throws InterruptedException {
    if (model.isBase()) {
      return model
          .completions()
          .complete(
              new CompletionRequest(new Prompt.Text(question, false), settings.generation()),
              printer);
    }
    try {
      Finished finished = model.chats().chat(request(question, settings), printer);
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

  private ChatRequest request(String question, ChatSettings settings) {
    List<Message> messages = new ArrayList<>();
    if (settings.system() != null) {
      messages.add(Message.system(settings.system()));
    }
    messages.addAll(turns);
    messages.add(Message.user(question));
    return new ChatRequest(messages, Tools.NONE, settings.generation(), settings.templateArgs());
  }
}

package dev.nearside.cli.chat;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import java.io.PrintWriter;

/**
 * One reply of a chat: asked for, printed, and explained where it did not end by itself.
 *
 * @param places where the reply goes
 * @param notes where is told how it ended
 */
record Turn(
    ChatModel model, Conversation conversation, ReplyPrinter.Places places, PrintWriter notes) {
  private static final String REMEDY = "/clear forgets the chat, --ctx makes it longer";

  /** Answers; false when nobody reads the answers any more. */
  boolean run(String text, ChatSettings settings) {
    ReplyPrinter printer = new ReplyPrinter(places, settings.maxTokens() == 0);
    Finished finished;
    try {
      finished = conversation.ask(text, settings, printer);
    } catch (InterruptedException e) {
      printer.finish();
      notes.println("(stopped)");
      return true;
    }
    boolean isReaderGone = printer.isOver();
    printer.finish();
    if (settings.isVerbose()) {
      notes.println(TimingsLine.of(finished));
    }
    EndNote.ofFullContext(finished, settings, model.contextLength(), REMEDY)
        .ifPresent(notes::println);
    if (printer.isLooping()) {
      notes.println("(stopped: the reply repeats itself; with max-tokens set it may)");
    } else if (finished.reason() == FinishReason.CANCELLED && !isReaderGone) {
      notes.println("(stopped)"); // by the engine: the terminal stood still for too long
    }
    return !isReaderGone;
  }
}

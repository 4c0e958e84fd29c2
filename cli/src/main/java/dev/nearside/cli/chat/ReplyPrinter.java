package dev.nearside.cli.chat;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.SinkClosedException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * Prints a reply as it comes: the answer to one place, thoughts, dimmed, to another or nowhere.
 *
 * <p>Safe for two threads: the one that answers, and one that cuts the reply off.
 */
public final class ReplyPrinter implements ChatSink {
  /**
   * Where a reply goes.
   *
   * @param answer the answer alone
   * @param isTerminal whether the answer goes to a terminal, which must not obey control characters
   *     that a model wrote
   * @param thoughts where thoughts go; null = nowhere
   * @param hasColour whether thoughts may be dimmed
   */
  public record Places(
      PrintWriter answer, boolean isTerminal, @Nullable PrintWriter thoughts, boolean hasColour) {}

  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final Places places;
  private final StringBuilder text = new StringBuilder();
  private boolean isThinking;
  private final @Nullable EndlessLoop loop;
  private boolean isLooping;
  private boolean isOver;

  /**
   * @param endsLoops whether a reply that repeats itself for ever is cut off
   */
  public ReplyPrinter(Places places, boolean endsLoops) {
    this.places = places;
    this.loop = endsLoops ? new EndlessLoop() : null;
  }

  /**
   * @throws SinkClosedException when nobody reads the answer any more, or it repeats itself
   */
  @Override
  public synchronized void accept(ChatEvent event) throws SinkClosedException {
    if (isOver || isLooping) {
      throw new SinkClosedException("the reply was cut off");
    }
    switch (event) {
      case ChatEvent.Reasoning thought -> {
        think(thought.text());
        listen(thought.text());
      }
      case ChatEvent.Text more -> answer(more.text());
      // No flag offers tools: what looks like a call is shown as it comes.
      case ChatEvent.ToolCallStart call -> answer(call.name());
      case ChatEvent.ToolCallArguments more -> answer(more.piece());
      case ChatEvent.Logprobs tokens -> {
        // asked for by nobody here
      }
    }
    // The answer goes out token by token; a pipe whose reader has gone shows here.
    if (places.answer().checkError()) {
      isOver = true;
      throw new SinkClosedException("standard output is closed");
    }
    if (isLooping) {
      throw new SinkClosedException("the reply repeats itself");
    }
  }

  private void answer(String more) {
    listen(more);
    endThoughts();
    text.append(more);
    places.answer().print(places.isTerminal() ? harmless(more) : more);
  }

  private void listen(String more) {
    isLooping |= loop != null && loop.add(more);
  }

  /** Whether the reply was cut off because it repeats itself. */
  public synchronized boolean isLooping() {
    return isLooping;
  }

  private void think(String more) {
    PrintWriter thoughts = places.thoughts();
    if (thoughts == null) {
      return;
    }
    if (!isThinking && places.hasColour()) {
      thoughts.print(DIM);
    }
    isThinking = true;
    thoughts.print(harmless(more));
    thoughts.flush();
  }

  private void endThoughts() {
    PrintWriter thoughts = places.thoughts();
    if (isThinking && thoughts != null) {
      thoughts.println(places.hasColour() ? PLAIN : "");
      thoughts.println();
      thoughts.flush();
    }
    isThinking = false;
  }

  /** Ends the last line; nothing is printed after it. A second call does nothing. */
  public synchronized void finish() {
    if (isOver) {
      return;
    }
    endThoughts();
    places.answer().println();
    places.answer().flush();
    isOver = true;
  }

  /** Ends the last line if there is one: after a failure an answer that never began leaves none. */
  public synchronized void fail() {
    if (text.isEmpty() && !isThinking) {
      isOver = true;
    } else {
      finish();
    }
  }

  /** Whether nothing more is printed: the reader has gone, or {@link #finish} was called. */
  public synchronized boolean isOver() {
    return isOver;
  }

  /** The answer so far, without thoughts. */
  public synchronized String text() {
    return text.toString();
  }

  /** Text whose control characters, but for line ends and tabs, are shown and not obeyed. */
  private static String harmless(String text) {
    if (text.codePoints().noneMatch(ReplyPrinter::isCommand)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.appendCodePoint(isCommand(c) ? 0xFFFD : c));
    return out.toString();
  }

  private static boolean isCommand(int c) {
    return Character.isISOControl(c) && c != '\n' && c != '\t';
  }
}

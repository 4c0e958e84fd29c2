package dev.nearside.cli.chat;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Prints a reply as it comes: the answer to one place, thoughts, dimmed, to another or nowhere. */
public final class ReplyPrinter implements ChatSink {
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter answer;
  private final @Nullable PrintWriter thoughts;
  private final boolean hasColour;
  private final StringBuilder text = new StringBuilder();
  private boolean isThinking;

  /**
   * @param thoughts where thoughts go; null = nowhere
   * @param hasColour whether thoughts may be dimmed
   */
  public ReplyPrinter(PrintWriter answer, @Nullable PrintWriter thoughts, boolean hasColour) {
    this.answer = answer;
    this.thoughts = thoughts;
    this.hasColour = hasColour;
  }

  @Override
  public void accept(ChatEvent event) {
    switch (event) {
      case ChatEvent.Reasoning thought -> think(thought.text());
      case ChatEvent.Text more -> {
        endThoughts();
        text.append(more.text());
        answer.print(more.text());
        answer.flush();
      }
    }
  }

  private void think(String more) {
    if (thoughts == null) {
      return;
    }
    if (!isThinking && hasColour) {
      thoughts.print(DIM);
    }
    isThinking = true;
    thoughts.print(more);
    thoughts.flush();
  }

  /** Closes the thoughts, if there were any. */
  public void endThoughts() {
    if (isThinking && thoughts != null) {
      thoughts.println(hasColour ? PLAIN : "");
      thoughts.println();
      thoughts.flush();
    }
    isThinking = false;
  }

  /** The answer so far, without thoughts. */
  public String text() {
    return text.toString();
  }
}

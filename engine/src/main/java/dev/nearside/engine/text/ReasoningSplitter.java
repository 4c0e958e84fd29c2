package dev.nearside.engine.text;

import dev.nearside.chat.ChatEvent;
import dev.nearside.engine.parse.ReplyParser;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits {@code <think>…</think>} at the start of a reply from the answer. A tag that comes in
 * pieces is held back until it is decided; white space around the thoughts is dropped.
 */
public final class ReasoningSplitter implements ReplyParser {
  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  private enum State {
    START,
    THINKING,
    AFTER,
    ANSWER
  }

  private final StringBuilder held = new StringBuilder();
  private State state;
  private boolean hasThought;

  /**
   * @param isThinking whether the prompt already opened the thoughts
   */
  public ReasoningSplitter(boolean isThinking) {
    state = isThinking ? State.THINKING : State.START;
  }

  @Override
  public List<ChatEvent> accept(String piece) {
    held.append(piece);
    return drain(false);
  }

  @Override
  public List<ChatEvent> finish() {
    return drain(true);
  }

  private List<ChatEvent> drain(boolean isEnd) {
    List<ChatEvent> out = new ArrayList<>();
    boolean goesOn = true;
    while (goesOn && !held.isEmpty()) {
      goesOn =
          switch (state) {
            case START -> start(isEnd);
            case THINKING -> thinking(out, isEnd);
            case AFTER -> after();
            case ANSWER -> answer(out);
          };
    }
    return out;
  }

  private boolean start(boolean isEnd) {
    String text = held.toString().stripLeading();
    if (text.startsWith(OPEN)) {
      held.setLength(0);
      held.append(text, OPEN.length(), text.length());
      state = State.THINKING;
      return true;
    }
    if (OPEN.startsWith(text) && !isEnd) {
      return false;
    }
    state = State.ANSWER;
    return true;
  }

  private boolean thinking(List<ChatEvent> out, boolean isEnd) {
    if (!hasThought) {
      String text = held.toString().stripLeading();
      held.setLength(0);
      held.append(text);
    }
    int close = held.indexOf(CLOSE);
    if (close >= 0) {
      String thought = held.substring(0, close).stripTrailing();
      emitThought(out, thought);
      held.delete(0, close + CLOSE.length());
      state = State.AFTER;
      return true;
    }
    int kept = isEnd ? 0 : heldBack();
    String thought = held.substring(0, held.length() - kept);
    held.delete(0, thought.length());
    emitThought(out, isEnd ? thought.stripTrailing() : thought);
    return false;
  }

  private void emitThought(List<ChatEvent> out, String thought) {
    if (!thought.isEmpty()) {
      hasThought = true;
      out.add(new ChatEvent.Reasoning(thought));
    }
  }

  // Trailing white space and a beginning of the closing tag wait for what follows.
  private int heldBack() {
    int tag = 0;
    for (int n = Math.min(CLOSE.length() - 1, held.length()); n > 0 && tag == 0; n--) {
      if (CLOSE.startsWith(held.substring(held.length() - n))) {
        tag = n;
      }
    }
    int end = held.length() - tag;
    while (end > 0 && Character.isWhitespace(held.charAt(end - 1))) {
      end--;
    }
    return held.length() - end;
  }

  private boolean after() {
    String text = held.toString().stripLeading();
    held.setLength(0);
    held.append(text);
    if (!text.isEmpty()) {
      state = State.ANSWER;
    }
    return !text.isEmpty();
  }

  private boolean answer(List<ChatEvent> out) {
    out.add(new ChatEvent.Text(held.toString()));
    held.setLength(0);
    return false;
  }
}

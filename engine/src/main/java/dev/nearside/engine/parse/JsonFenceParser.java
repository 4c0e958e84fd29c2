package dev.nearside.engine.parse;

import dev.nearside.chat.ChatEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the code block away that some models put around a JSON document they were asked for: {@code
 * ```json} before it and {@code ```} after it.
 */
final class JsonFenceParser implements ReplyParser {
  private static final String OPEN = "```json";
  private static final String CLOSE = "```";

  private enum State {
    START,
    PLAIN,
    FENCED
  }

  private final ReplyParser parser;
  private final StringBuilder held = new StringBuilder();
  private State state = State.START;

  JsonFenceParser(ReplyParser parser) {
    this.parser = parser;
  }

  @Override
  public List<ChatEvent> accept(String piece) {
    return events(parser.accept(piece));
  }

  @Override
  public List<ChatEvent> finish() {
    List<ChatEvent> out = new ArrayList<>(events(parser.finish()));
    if (state == State.FENCED && held.toString().strip().startsWith(CLOSE)) {
      held.setLength(0);
    }
    release(out, held.length());
    return out;
  }

  @Override
  public boolean isComplete() {
    return parser.isComplete();
  }

  private List<ChatEvent> events(List<ChatEvent> events) {
    List<ChatEvent> out = new ArrayList<>();
    for (ChatEvent event : events) {
      if (event instanceof ChatEvent.Text(String text)) {
        held.append(text);
        text(out);
      } else {
        out.add(event);
      }
    }
    return out;
  }

  private void text(List<ChatEvent> out) {
    if (state == State.START) {
      String begin = held.toString().stripLeading();
      if (begin.length() <= OPEN.length() && OPEN.startsWith(begin)) {
        // The fence's line is over when something else comes.
        return;
      }
      state = begin.startsWith(OPEN) ? State.FENCED : State.PLAIN;
      if (state == State.FENCED) {
        String document = begin.substring(OPEN.length()).stripLeading();
        held.setLength(0);
        held.append(document);
      }
    }
    release(out, state == State.PLAIN ? held.length() : beforeClose());
  }

  // A JSON document holds no three backticks but in a string, and no newline there.
  private int beforeClose() {
    int end = held.length();
    while (end > 0
        && (held.charAt(end - 1) == '`' || Character.isWhitespace(held.charAt(end - 1)))) {
      end--;
    }
    return end;
  }

  private void release(List<ChatEvent> out, int length) {
    if (length > 0) {
      out.add(new ChatEvent.Text(held.substring(0, length)));
      held.delete(0, length);
    }
  }
}

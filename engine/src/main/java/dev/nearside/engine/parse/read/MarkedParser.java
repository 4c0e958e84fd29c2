package dev.nearside.engine.parse.read;

import dev.nearside.chat.ChatEvent;
import dev.nearside.engine.parse.ReplyContext;
import dev.nearside.engine.parse.ReplyParser;
import dev.nearside.engine.parse.syntax.ReplyFormat;
import dev.nearside.engine.parse.syntax.Thinking;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Parses replies that are text with markers for thoughts and calls. What may be the beginning of a
 * marker is held back until it is decided; what begins like a call and is none comes out as text.
 */
public final class MarkedParser implements ReplyParser {
  private enum Mode {
    TEXT,
    THOUGHT,
    CALL
  }

  private final @Nullable Thinking thinking;
  private final Markers markers;
  private final CallWriter calls;
  private final Feed in = new Feed();
  private final List<ChatEvent> out = new ArrayList<>();
  private Mode mode;
  // A text has come since the last thoughts or call.
  private boolean hasText;
  // White space is dropped: it only sets off what came before.
  private boolean isAfterBlock;
  private boolean hasThought;
  private @Nullable CallReader call;
  // Other ways to read what looks like a call.
  private final Queue<Markers.Start> candidates = new ArrayDeque<>();
  private int triggerLength;
  // What may stand between the last call and another.
  private String between = "";
  private boolean isFromThought;

  public MarkedParser(ReplyFormat format, ReplyContext context) {
    this.thinking = format.thinking();
    this.markers = new Markers(format, !context.tools().isEmpty());
    this.calls = new CallWriter(context, format.ids());
    boolean isThinking =
        thinking != null
            && (context.start() == ReplyContext.Start.THOUGHTS
                || context.start() == ReplyContext.Start.WITHIN_THOUGHTS);
    this.mode = isThinking ? Mode.THOUGHT : Mode.TEXT;
    this.hasThought = context.start() == ReplyContext.Start.WITHIN_THOUGHTS;
    this.hasText = context.start() == ReplyContext.Start.WITHIN_TEXT;
  }

  @Override
  public List<ChatEvent> accept(String piece) {
    in.add(piece);
    return drain();
  }

  @Override
  public List<ChatEvent> finish() {
    in.end();
    return drain();
  }

  @Override
  public boolean isComplete() {
    return calls.isFull() && !calls.isOpen();
  }

  private List<ChatEvent> drain() {
    boolean goesOn = true;
    while (goesOn && !isComplete()) {
      goesOn =
          switch (mode) {
            case TEXT -> text();
            case THOUGHT -> thought();
            case CALL -> call();
          };
    }
    in.compact();
    List<ChatEvent> events = List.copyOf(out);
    out.clear();
    return events;
  }

  // Each step says whether another can be made without more text.

  private boolean text() {
    if (isAfterBlock) {
      in.skipSpaceAnd(between);
      in.commit();
    }
    if (!in.has()) {
      return false;
    }
    if (!hasText) {
      int blank = blank();
      if (blank == in.available() && !in.isEnd()) {
        return false;
      }
      in.skip(blank);
      Markers.Found start = markers.atStart(in);
      in.rewind();
      if (start.isUndecided()) {
        return false;
      }
      if (start.marker() != null) {
        found(start.marker(), 0, blank);
        return true;
      }
    }
    Markers.Found next = markers.inText(in);
    if (next.marker() != null) {
      found(next.marker(), next.at(), next.at() + next.marker().lead());
      return true;
    }
    emitText(in.available() - next.held());
    return false;
  }

  private int blank() {
    int n = 0;
    while (n < in.available() && Character.isWhitespace(in.charAt(n))) {
      n++;
    }
    return n;
  }

  // The text ends at textEnd, the marker begins at start; white space between them is dropped.
  private void found(Markers.Marker marker, int textEnd, int start) {
    boolean isBlank = in.peek(textEnd).isBlank() && !hasText;
    if (isBlank && marker.kind() != Markers.Kind.SILENT) {
      in.skip(textEnd);
      in.commit();
    } else {
      emitText(textEnd);
    }
    in.skip(start - textEnd);
    switch (marker.kind()) {
      case SILENT -> {
        in.skip(marker.text().length());
        in.commit();
      }
      case THINK -> {
        between = "";
        in.skip(marker.text().length());
        in.commit();
        mode = Mode.THOUGHT;
        hasThought = false;
      }
      case THOUGHT_END -> {
        in.skip(marker.text().length());
        in.commit();
        afterBlock();
      }
      case CALL -> begin(marker, false);
    }
  }

  private void begin(Markers.Marker marker, boolean fromThought) {
    candidates.addAll(marker.calls());
    beginNext(fromThought);
    triggerLength = marker.text().length();
    isFromThought = fromThought;
    mode = Mode.CALL;
  }

  private void beginNext(boolean fromThought) {
    Markers.Start start = candidates.remove();
    calls.begin(fromThought || start.wantsKnown());
    call = start.reader();
    between = start.call().between().strip();
  }

  private void emitText(int length) {
    if (length > 0) {
      String text = in.take(length);
      in.commit();
      out.add(new ChatEvent.Text(text));
      hasText |= !text.isBlank();
      isAfterBlock = false;
    }
  }

  private void afterBlock() {
    mode = Mode.TEXT;
    isAfterBlock = true;
    hasText = false;
  }

  private boolean thought() {
    Thinking tags = thinking;
    if (tags == null) {
      throw new AssertionError("no thoughts in this format");
    }
    if (!hasThought && !beginThought(tags)) {
      return false;
    }
    int close = in.find(tags.close(), 0);
    Markers.Found interrupt = markers.inThought(in, tags.interrupts(), !hasThought);
    Markers.Marker marker = interrupt.marker();
    if (marker != null && (close < 0 || interrupt.at() < close)) {
      emitThought(strippedEnd(interrupt.at()));
      if (marker.kind() == Markers.Kind.CALL) {
        in.skip(blank());
        begin(marker, true);
      } else {
        afterBlock();
      }
      return true;
    }
    if (close >= 0) {
      emitThought(strippedEnd(close));
      in.skip(blank() + tags.close().length());
      in.commit();
      afterBlock();
      return true;
    }
    int held = in.isEnd() ? 0 : Math.max(in.heldFor(tags.close()), interrupt.held());
    emitThought(strippedEnd(in.available() - held));
    if (in.isEnd()) {
      in.skip(in.available());
      in.commit();
    }
    return false;
  }

  // White space and headings before the first thought are none.
  private boolean beginThought(Thinking tags) {
    in.skipSpace();
    in.commit();
    for (String heading : tags.headings()) {
      switch (in.match(heading)) {
        case YES -> {
          in.skip(heading.length());
          in.skipSpace();
          in.commit();
        }
        case UNDECIDED -> {
          return false;
        }
        case NO -> {
          continue;
        }
      }
    }
    return in.has();
  }

  private int strippedEnd(int end) {
    int n = end;
    while (n > 0 && Character.isWhitespace(in.charAt(n - 1))) {
      n--;
    }
    return n;
  }

  private void emitThought(int length) {
    if (length > 0) {
      out.add(new ChatEvent.Reasoning(in.take(length)));
      in.commit();
      hasThought = true;
    }
  }

  private boolean call() {
    if (call == null) {
      throw new AssertionError("no call");
    }
    Reader.Progress progress = call.read(in, calls);
    out.addAll(calls.take());
    if (progress == Reader.Progress.DONE) {
      candidates.clear();
      afterBlock();
      return true;
    }
    if (progress == Reader.Progress.MORE && !in.isEnd()) {
      return false;
    }
    if (!calls.isOpen() && !candidates.isEmpty()) {
      in.rewind();
      beginNext(isFromThought);
      return true;
    }
    if (calls.isOpen()) {
      calls.breakOff();
      in.skip(in.available());
      in.commit();
      mode = Mode.TEXT;
      return false;
    }
    noCall();
    return true;
  }

  // What was read since the marker is what it looks like: text, or a thought.
  private void noCall() {
    int missing = triggerLength - in.uncommitted().strip().length();
    if (missing > 0) {
      in.skip(Math.min(missing, in.available()));
    }
    String text = in.uncommitted();
    in.commit();
    if (isFromThought) {
      mode = Mode.THOUGHT;
      hasThought = true;
      out.add(new ChatEvent.Reasoning(text));
    } else {
      mode = Mode.TEXT;
      hasText |= !text.isBlank();
      isAfterBlock = false;
      out.add(new ChatEvent.Text(text));
    }
  }
}

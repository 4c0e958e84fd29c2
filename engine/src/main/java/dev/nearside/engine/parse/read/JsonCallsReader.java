package dev.nearside.engine.parse.read;

import dev.nearside.engine.parse.syntax.JsonKeys;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls that are JSON objects, one alone or several in a list. A call may be wrapped in
 * another object ({@code {"type": "function", "function": {…}}}, {@code {"tool_calls": […]}}).
 */
final class JsonCallsReader implements Reader {
  private static final int MAX_KEY = 512;
  private static final int MAX_DEPTH = 8;

  private enum State {
    VALUE,
    KEY,
    COLON,
    MEMBER,
    NAME,
    ID,
    ARGUMENTS,
    SKIPPED
  }

  private final JsonKeys keys;
  private final Deque<Character> open = new ArrayDeque<>();
  private State state = State.VALUE;
  private String key = "";
  private boolean hasCall;
  private @Nullable ArgumentsReader arguments;
  private @Nullable JsonScan scan;
  // Arguments that came before the name.
  private @Nullable StringBuilder early;

  JsonCallsReader(JsonKeys keys) {
    this.keys = keys;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    while (true) {
      Progress step = step(in, out);
      if (step != Progress.DONE) {
        if (step == Progress.MORE && in.isEnd() && out.hasName()) {
          out.start();
          flushEarly(out);
        }
        return step;
      }
      if (open.isEmpty() && state == State.VALUE) {
        return Progress.DONE;
      }
    }
  }

  private Progress step(Feed in, CallWriter out) {
    if (state == State.ARGUMENTS) {
      return arguments(in, out);
    }
    if (state == State.SKIPPED) {
      return skipped(in);
    }
    in.skipSpaceAnd(state == State.VALUE && open.isEmpty() ? "" : ",");
    if (!in.has()) {
      return in.isEnd() && !out.hasName() ? Progress.FAILED : Progress.MORE;
    }
    return switch (state) {
      case VALUE -> value(in, out);
      case KEY -> key(in, out);
      case COLON -> colon(in);
      case MEMBER -> member(in, out);
      case NAME -> name(in, out);
      case ID -> id(in, out);
      case ARGUMENTS, SKIPPED -> throw new AssertionError(state);
    };
  }

  private Progress value(Feed in, CallWriter out) {
    char c = in.next();
    if (c == '{' && open.size() < MAX_DEPTH) {
      return push(in, c, State.KEY);
    }
    if (c == '[' && open.size() < MAX_DEPTH) {
      return push(in, c, State.VALUE);
    }
    return c == ']' && !open.isEmpty() && open.peek() == '[' ? pop(in, out) : Progress.FAILED;
  }

  private Progress push(Feed in, char bracket, State next) {
    in.skip(1);
    open.push(bracket);
    state = next;
    return Progress.DONE;
  }

  private Progress pop(Feed in, CallWriter out) {
    in.skip(1);
    char closed = open.pop();
    if (closed == '{' && out.hasName()) {
      out.start();
      flushEarly(out);
      out.end();
      in.commit();
      hasCall = true;
    }
    state = open.isEmpty() || open.peek() == '[' ? State.VALUE : State.KEY;
    // An object without any call in it is not one.
    return open.isEmpty() && !hasCall ? Progress.FAILED : Progress.DONE;
  }

  private Progress key(Feed in, CallWriter out) {
    if (in.next() == '}') {
      return pop(in, out);
    }
    String text = string(in);
    if (text == null) {
      return in.next() == '"' && !in.isEnd() && in.available() < MAX_KEY
          ? Progress.MORE
          : Progress.FAILED;
    }
    key = text;
    state = State.COLON;
    return Progress.DONE;
  }

  private Progress colon(Feed in) {
    if (in.next() != ':') {
      return Progress.FAILED;
    }
    in.skip(1);
    state = State.MEMBER;
    return Progress.DONE;
  }

  private Progress member(Feed in, CallWriter out) {
    char c = in.next();
    boolean isWrapper = key.equals("tool_calls") || key.equals("tool_call");
    if ((isWrapper || key.equals("function")) && c == '{') {
      return push(in, c, State.KEY);
    }
    if (isWrapper && c == '[') {
      return push(in, c, State.VALUE);
    }
    if (keys.name() == null && !out.hasName()) {
      if (!out.name(key)) {
        return Progress.FAILED;
      }
      return begin(State.ARGUMENTS);
    }
    if (key.equals(keys.name()) || key.equals("name") || key.equals("function")) {
      return begin(State.NAME);
    }
    if (key.equals(keys.id()) || (key.equals("id") && c == '"')) {
      return begin(State.ID);
    }
    boolean isArguments = key.equals(keys.arguments());
    return begin(
        isArguments || key.equals("arguments") || key.equals("parameters")
            ? State.ARGUMENTS
            : State.SKIPPED);
  }

  private Progress begin(State next) {
    state = next;
    scan = new JsonScan();
    arguments = new ArgumentsReader();
    return Progress.DONE;
  }

  private Progress name(Feed in, CallWriter out) {
    String text = string(in);
    if (text == null) {
      return in.next() == '"' && !in.isEnd() && in.available() < MAX_KEY
          ? Progress.MORE
          : Progress.FAILED;
    }
    if (!out.name(text)) {
      return Progress.FAILED;
    }
    if (keys.id() == null || out.hasId()) {
      out.start();
      flushEarly(out);
    }
    state = State.KEY;
    return Progress.DONE;
  }

  private Progress id(Feed in, CallWriter out) {
    JsonScan value = new JsonScan();
    int length = value.scan(in);
    if (!value.isDone()) {
      return in.isEnd() || in.available() < MAX_KEY ? Progress.MORE : Progress.FAILED;
    }
    String written = in.take(length);
    String text = JsonText.string(written);
    out.id(text == null ? written : text);
    state = State.KEY;
    return Progress.DONE;
  }

  private Progress arguments(Feed in, CallWriter out) {
    boolean isHeld = !out.hasName() || keys.isIdLast();
    if (isHeld || early != null) {
      return held(in);
    }
    if (arguments == null) {
      throw new AssertionError("no reader");
    }
    Progress progress = arguments.read(in, out);
    if (progress == Progress.DONE) {
      state = State.KEY;
    }
    return progress;
  }

  private Progress held(Feed in) {
    if (early == null) {
      early = new StringBuilder();
    }
    if (scan == null) {
      throw new AssertionError("no scan");
    }
    if (early.isEmpty()) {
      in.skipSpace();
    }
    early.append(in.take(scan.scan(in)));
    if (scan.isDone()) {
      state = State.KEY;
      return Progress.DONE;
    }
    return Progress.MORE;
  }

  private void flushEarly(CallWriter out) {
    if (early != null) {
      Feed only = new Feed();
      only.add(early.toString());
      only.end();
      if (new ArgumentsReader().read(only, out) == Progress.FAILED) {
        out.arguments(early.toString());
      }
      early = null;
    }
  }

  private Progress skipped(Feed in) {
    if (scan == null) {
      throw new AssertionError("no scan");
    }
    in.skip(scan.scan(in));
    if (!scan.isDone()) {
      return Progress.MORE;
    }
    state = State.KEY;
    return Progress.DONE;
  }

  // A whole string at the position; null when it is none, or not complete.
  private static @Nullable String string(Feed in) {
    if (in.next() != '"') {
      return null;
    }
    JsonScan scan = new JsonScan();
    int length = scan.scan(in);
    if (!scan.isDone() || length > MAX_KEY) {
      return null;
    }
    String text = JsonText.string(in.peek(length));
    if (text != null) {
      in.skip(length);
    }
    return text;
  }
}

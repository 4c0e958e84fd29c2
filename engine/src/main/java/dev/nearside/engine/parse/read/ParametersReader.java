package dev.nearside.engine.parse.read;

import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallPart.Layout;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments that stand one by one between tags and writes them as a JSON object. Strings are
 * passed on as they come, other values when they are complete.
 */
final class ParametersReader implements Reader {
  private static final int MAX_KEY = 512;
  private static final String CDATA = "<![CDATA[";
  private static final String CDATA_END = "]]>";

  private enum State {
    OPEN,
    KEY,
    KEY_END,
    ATTRIBUTE,
    VALUE_START,
    VALUE
  }

  private final CallPart.Parameters syntax;
  private final String after;
  private final String close;
  private final StringBuilder value = new StringBuilder();
  private State state = State.OPEN;
  private String key = "";
  private @Nullable String attribute;
  private @Nullable LiteralReader literal;
  private boolean isString;
  private boolean isCdata;
  private int count;

  /**
   * @param after what follows the arguments; where a name alone is no certain call, it tells that
   *     there are none. Empty = the call is certain already
   */
  ParametersReader(CallPart.Parameters syntax, String after) {
    this.syntax = syntax;
    this.after = after.strip();
    this.close = syntax.close().strip();
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    if (after.isEmpty()) {
      out.start();
    }
    while (true) {
      Progress progress =
          switch (state) {
            case OPEN -> open(in, out);
            case KEY -> key(in);
            case KEY_END -> keyEnd(in, out);
            case ATTRIBUTE -> attribute(in);
            case VALUE_START -> valueStart(in, out);
            case VALUE -> value(in, out);
          };
      if (progress == Progress.FAILED) {
        return ended(in, out);
      }
      if (progress == Progress.MORE) {
        return progress;
      }
    }
  }

  // What follows is no argument: there are no more.
  private Progress ended(Feed in, CallWriter out) {
    if (!out.isOpen()) {
      in.skipSpace();
      Feed.Match match = in.match(after);
      if (match != Feed.Match.YES) {
        return match == Feed.Match.NO ? Progress.FAILED : Progress.MORE;
      }
    } else {
      in.rewind();
    }
    out.arguments(count == 0 ? "{}" : "}");
    return Progress.DONE;
  }

  private Progress open(Feed in, CallWriter out) {
    if (out.isOpen()) {
      in.commit();
    }
    in.skipSpaceAnd(",");
    String open = syntax.open().strip();
    return switch (in.match(open)) {
      case YES -> {
        in.skip(open.length());
        state = State.KEY;
        yield Progress.DONE;
      }
      case NO -> Progress.FAILED;
      case UNDECIDED -> Progress.MORE;
    };
  }

  private Progress key(Feed in) {
    String end = syntax.keyEnd().strip();
    String first = end.split("\\s")[0];
    int length = in.find(first, 0);
    if (length < 0 || length > MAX_KEY) {
      return in.isEnd() || in.available() > MAX_KEY ? Progress.FAILED : Progress.MORE;
    }
    key = in.take(length).strip();
    literal = new LiteralReader(end);
    state = State.KEY_END;
    return Progress.DONE;
  }

  private Progress keyEnd(Feed in, CallWriter out) {
    Progress progress = literal == null ? Progress.DONE : literal.read(in, out);
    if (progress == Progress.DONE) {
      attribute = null;
      state = syntax.attributeEnd() == null ? State.VALUE_START : State.ATTRIBUTE;
    }
    return progress;
  }

  private Progress attribute(Feed in) {
    String end = syntax.attributeEnd() == null ? "" : syntax.attributeEnd();
    int length = in.find(end, 0);
    if (length < 0 || length > MAX_KEY) {
      return in.isEnd() || in.available() > MAX_KEY ? Progress.FAILED : Progress.MORE;
    }
    attribute = in.take(length).strip();
    in.skip(end.length());
    state = State.VALUE_START;
    return Progress.DONE;
  }

  private Progress valueStart(Feed in, CallWriter out) {
    if (!in.has() && !in.isEnd()) {
      return Progress.MORE;
    }
    if (syntax.layout() == Layout.LINES && in.has() && in.next() == '\n') {
      in.skip(1);
    }
    isCdata = false;
    if (syntax.layout() == Layout.CDATA) {
      switch (in.match(CDATA)) {
        case UNDECIDED -> {
          return Progress.MORE;
        }
        case YES -> {
          in.skip(CDATA.length());
          isCdata = true;
        }
        case NO -> isCdata = false;
      }
    }
    isString = isCdata || isString(out);
    out.arguments((count == 0 ? "{" : ", ") + JsonText.quote(key) + ": " + (isString ? "\"" : ""));
    count++;
    value.setLength(0);
    in.commit();
    state = State.VALUE;
    return Progress.DONE;
  }

  private boolean isString(CallWriter out) {
    if (attribute != null) {
      return attribute.equals("true") || attribute.equals("string");
    }
    return ArgumentTypes.of(out.tool()).at(key).isString();
  }

  private Progress value(Feed in, CallWriter out) {
    String end = isCdata ? CDATA_END + close : close;
    int length = in.find(end, 0);
    if (length >= 0) {
      write(out, trimmed(in.take(length)), true);
      in.skip(end.length());
      in.commit();
      state = State.OPEN;
      return Progress.DONE;
    }
    int held = in.isEnd() ? 0 : Math.max(in.heldFor(end), in.heldFor("\n" + end));
    write(out, in.take(in.available() - held), false);
    in.commit();
    return Progress.MORE;
  }

  private String trimmed(String text) {
    boolean hasLine = syntax.layout() == Layout.LINES && text.endsWith("\n");
    return hasLine ? text.substring(0, text.length() - 1) : text;
  }

  private void write(CallWriter out, String text, boolean isEnd) {
    if (isString) {
      out.arguments(JsonText.escape(text) + (isEnd ? "\"" : ""));
      return;
    }
    value.append(text);
    if (isEnd) {
      ArgumentTypes types = ArgumentTypes.of(out.tool()).at(key);
      boolean isJson = attribute != null;
      out.arguments(
          isJson ? ArgumentTypes.of(null).json(value.toString()) : types.json(value.toString()));
    }
  }
}

package dev.nearside.engine.parse.read;

import org.jspecify.annotations.Nullable;

/**
 * Reads arguments as nested tags, each after a mark: {@code <key>value</key>}, {@code <item>} for
 * the items of a list. They are held back up to the tag that ends the call.
 */
final class NestedTagsReader implements Reader {
  private static final int MAX_DEPTH = 64;

  private final String mark;
  private final String end;
  private String text = "";
  private int at;

  /**
   * @param end the tag after the arguments
   */
  NestedTagsReader(String mark, String end) {
    this.mark = mark;
    this.end = end;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    out.start();
    int length = in.find(end, 0);
    if (length < 0) {
      if (in.isEnd()) {
        out.arguments(in.take(in.available()));
      }
      return Progress.MORE;
    }
    text = in.take(length);
    at = 0;
    ArgumentTypes types = ArgumentTypes.of(out.tool());
    String json = object(types, 0);
    out.arguments(json == null || !text.substring(at).isBlank() ? text : json);
    return Progress.DONE;
  }

  private @Nullable String object(ArgumentTypes types, int depth) {
    StringBuilder json = new StringBuilder("{");
    String key;
    while ((key = open()) != null) {
      String value = value(key, types.at(key), depth + 1);
      if (value == null) {
        return null;
      }
      json.append(json.length() > 1 ? ", " : "").append(JsonText.quote(key)).append(": ");
      json.append(value);
    }
    return json.append('}').toString();
  }

  private @Nullable String list(ArgumentTypes types, int depth) {
    StringBuilder json = new StringBuilder("[");
    String key;
    while ((key = open()) != null) {
      String value = value(key, types.items(), depth + 1);
      if (value == null) {
        return null;
      }
      json.append(json.length() > 1 ? ", " : "").append(value);
    }
    return json.append(']').toString();
  }

  // The value and the tag that closes it.
  private @Nullable String value(String key, ArgumentTypes types, int depth) {
    String close = mark + "</" + key + ">";
    int next = text.indexOf(mark, at);
    if (next < 0 || depth > MAX_DEPTH) {
      return null;
    }
    String value;
    if (text.startsWith(close, next)) {
      String bare = text.substring(at, next);
      value = bare.isEmpty() && types.isList() ? "[]" : types.json(bare);
      at = next;
    } else {
      boolean isList =
          text.startsWith(mark + "<item>", next) && (types.isList() || !types.isObject());
      value = isList ? list(types, depth) : object(types, depth);
      int gap = at;
      while (gap < text.length() && Character.isWhitespace(text.charAt(gap))) {
        gap++;
      }
      at = gap;
    }
    if (value == null || !text.startsWith(close, at)) {
      return null;
    }
    at += close.length();
    return value;
  }

  // The name of the tag that opens next; null when none does.
  private @Nullable String open() {
    int start = at;
    while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    if (!text.startsWith(mark + "<", start)) {
      return null;
    }
    int name = start + mark.length() + 1;
    int close = text.indexOf('>', name);
    if (close < 0 || text.startsWith("/", name)) {
      return null;
    }
    at = close + 1;
    return text.substring(name, close);
  }
}

package dev.nearside.engine.parse.read;

import dev.nearside.chat.ToolSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls as in Python: {@code [name(key=value, …), …]}, without brackets too, one per line or
 * separated by commas. A value is a literal: string, number, True, False, None, list, tuple, dict.
 */
final class PythonCalls {
  private static final int MAX_DEPTH = 64;
  private static final String CALL = ".call";

  /** A call with its arguments as JSON. */
  record Call(String name, String arguments) {}

  private final String text;
  private final Function<String, @Nullable ToolSpec> tools;
  private int at;
  private int depth;

  private PythonCalls(String text, Function<String, @Nullable ToolSpec> tools) {
    this.text = text;
    this.tools = tools;
  }

  /**
   * The calls; none when the text is anything else.
   *
   * @param tools by name, for arguments that are given without theirs
   */
  static List<Call> parse(String text, Function<String, @Nullable ToolSpec> tools) {
    PythonCalls parser = new PythonCalls(text, tools);
    List<Call> calls = new ArrayList<>();
    return parser.calls(calls) ? calls : List.of();
  }

  private boolean calls(List<Call> calls) {
    boolean isList = skip('[');
    while (at < text.length()) {
      if (isList && skip(']')) {
        break;
      }
      Call call = call();
      if (call == null) {
        return false;
      }
      calls.add(call);
      space();
      while (skip(',') || skip(';')) {
        space();
      }
    }
    space();
    return at == text.length();
  }

  private @Nullable Call call() {
    String name = word();
    if (name.equals("print") && skip('(')) {
      // Gemma's way to show what a call returns.
      Call inner = call();
      return inner != null && skip(')') ? inner : null;
    }
    name = plainName(name);
    if (name.isEmpty() || !skip('(')) {
      return null;
    }
    StringBuilder json = new StringBuilder("{");
    Iterator<String> unnamed = parameters(name);
    while (!skip(')')) {
      if (json.length() > 1) {
        if (!skip(',')) {
          return null;
        }
        if (skip(')')) {
          break;
        }
        json.append(", ");
      }
      if (!argument(json, unnamed)) {
        return null;
      }
    }
    return new Call(name, json.append('}').toString());
  }

  /** The tool's name; Llama's built-in tools are called by {@code name.call(…)}. */
  static String plainName(String called) {
    return called.endsWith(CALL) ? called.substring(0, called.length() - CALL.length()) : called;
  }

  private Iterator<String> parameters(String name) {
    ToolSpec tool = tools.apply(name);
    Object properties = tool == null ? null : tool.parameters().get("properties");
    List<String> names = new ArrayList<>();
    if (properties instanceof Map<?, ?> map) {
      map.keySet().forEach(key -> names.add(String.valueOf(key)));
    }
    return names.iterator();
  }

  private boolean argument(StringBuilder json, Iterator<String> unnamed) {
    space();
    int start = at;
    String key = word();
    if (!key.isEmpty() && skip('=')) {
      json.append(JsonText.quote(key)).append(": ");
      return value(json);
    }
    at = start;
    if (!unnamed.hasNext()) {
      return false;
    }
    json.append(JsonText.quote(unnamed.next())).append(": ");
    return value(json);
  }

  private boolean value(StringBuilder json) {
    space();
    if (at >= text.length() || depth >= MAX_DEPTH) {
      return false;
    }
    char c = text.charAt(at);
    depth++;
    boolean isRight =
        switch (c) {
          case '"', '\'' -> string(json);
          case '[' -> items(json, ']');
          case '(' -> items(json, ')');
          case '{' -> entries(json);
          default -> bare(json);
        };
    depth--;
    return isRight;
  }

  private boolean items(StringBuilder json, char end) {
    at++;
    json.append('[');
    boolean isFirst = true;
    while (!skip(end)) {
      if (!isFirst) {
        if (!skip(',')) {
          return false;
        }
        if (skip(end)) {
          break;
        }
        json.append(", ");
      }
      if (!value(json)) {
        return false;
      }
      isFirst = false;
    }
    json.append(']');
    return true;
  }

  private boolean entries(StringBuilder json) {
    at++;
    json.append('{');
    boolean isFirst = true;
    while (!skip('}')) {
      if (!isFirst) {
        if (!skip(',')) {
          return false;
        }
        if (skip('}')) {
          break;
        }
        json.append(", ");
      }
      space();
      StringBuilder key = new StringBuilder();
      if (!value(key) || !skip(':')) {
        return false;
      }
      json.append(key.charAt(0) == '"' ? key : JsonText.quote(key.toString())).append(": ");
      if (!value(json)) {
        return false;
      }
      isFirst = false;
    }
    json.append('}');
    return true;
  }

  private boolean string(StringBuilder json) {
    char quote = text.charAt(at);
    String triple = String.valueOf(quote).repeat(3);
    boolean isTriple = text.startsWith(triple, at);
    String end = isTriple ? triple : String.valueOf(quote);
    at += end.length();
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      if (text.startsWith(end, at)) {
        at += end.length();
        json.append(JsonText.quote(out.toString()));
        return true;
      }
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        escape(out);
      } else {
        out.append(c);
      }
    }
    return false;
  }

  private void escape(StringBuilder out) {
    char c = text.charAt(at++);
    switch (c) {
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case '\n' -> out.append("");
      case '\\', '\'', '"' -> out.append(c);
      case 'u' -> unicode(out);
      default -> out.append('\\').append(c);
    }
  }

  private void unicode(StringBuilder out) {
    int end = at + 4;
    if (end <= text.length()
        && text.substring(at, end).chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      out.append((char) Integer.parseInt(text.substring(at, end), 16));
      at = end;
    } else {
      out.append("\\u");
    }
  }

  private boolean bare(StringBuilder json) {
    int start = at;
    while (at < text.length() && ",)]}:= \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      return false;
    }
    json.append(ArgumentTypes.of(null).json(text.substring(start, at)));
    return true;
  }

  private String word() {
    space();
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    space();
    return word;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
  }

  private boolean skip(char c) {
    space();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void space() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}

package dev.nearside.engine.parse.read;

import dev.nearside.chat.ToolSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls as in Python. They are held back until they are complete: before that nothing tells
 * them from other code.
 */
final class PythonReader implements Reader {
  private final String end;
  private int searched;

  /**
   * @param end what follows the calls; empty = the end of the reply
   */
  PythonReader(String end) {
    this.end = end;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    int length = end.isEmpty() ? -1 : in.find(end, searched);
    if (length < 0) {
      searched = Math.max(0, in.available() - end.length());
      if (end.isEmpty() && !mayBeCall(in, out)) {
        return Progress.FAILED;
      }
      if (!in.isEnd()) {
        return Progress.MORE;
      }
      length = in.available();
    }
    List<PythonCalls.Call> calls =
        PythonCalls.parse(in.peek(length), name -> named(out.tools(), name));
    if (calls.isEmpty() || !calls.stream().allMatch(call -> out.name(call.name()))) {
      in.skip(length);
      return Progress.FAILED;
    }
    in.skip(length);
    for (PythonCalls.Call call : calls) {
      out.name(call.name());
      out.arguments(call.arguments());
      out.end();
    }
    in.commit();
    return Progress.DONE;
  }

  // Whether the text begins with "[name(", as far as it is there.
  private static boolean mayBeCall(Feed in, CallWriter out) {
    int i = 0;
    while (i < in.available() && (in.charAt(i) == '[' || Character.isWhitespace(in.charAt(i)))) {
      i++;
    }
    int start = i;
    while (i < in.available() && isWord(in.charAt(i))) {
      i++;
    }
    if (i == in.available()) {
      return i - start <= 256;
    }
    String name = PythonCalls.plainName(in.peek(i).substring(start));
    return in.charAt(i) == '(' && named(out.tools(), name) != null;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  private static @Nullable ToolSpec named(List<ToolSpec> tools, String name) {
    return tools.stream().filter(tool -> tool.name().equals(name)).findFirst().orElse(null);
  }
}

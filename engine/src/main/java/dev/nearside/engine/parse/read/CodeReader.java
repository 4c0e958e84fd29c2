package dev.nearside.engine.parse.read;

import dev.nearside.chat.ToolSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads code for an interpreter, up to the end of the reply: its tool's first argument. */
final class CodeReader implements Reader {
  private final List<String> names;
  private boolean hasBegun;

  CodeReader(List<String> names) {
    this.names = names;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    if (!hasBegun) {
      if (!in.has()) {
        return in.isEnd() ? Progress.FAILED : Progress.MORE;
      }
      ToolSpec tool = interpreter(out);
      if (tool == null || !out.name(tool.name())) {
        return Progress.FAILED;
      }
      hasBegun = true;
      out.arguments("{" + JsonText.quote(key(tool)) + ": \"");
    }
    out.arguments(JsonText.escape(in.take(in.available())));
    if (!in.isEnd()) {
      return Progress.MORE;
    }
    out.arguments("\"}");
    return Progress.DONE;
  }

  private @Nullable ToolSpec interpreter(CallWriter out) {
    return out.tools().stream()
        .filter(tool -> names.contains(tool.name()))
        .findFirst()
        .orElse(null);
  }

  private static String key(ToolSpec tool) {
    return tool.parameters().get("properties") instanceof Map<?, ?> map && !map.isEmpty()
        ? String.valueOf(map.keySet().iterator().next())
        : "code";
  }
}

package dev.nearside.engine.parse.read;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small questions about JSON. */
final class JsonText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonText() {}

  /** The value; null when it is not JSON. */
  static @Nullable JsonNode parse(String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      return node == null || node.isMissingNode() ? null : node;
    } catch (JacksonException e) {
      // Not JSON is an answer here.
      return null;
    }
  }

  /** The text of a JSON string; null when it is none. */
  static @Nullable String string(String json) {
    JsonNode node = parse(json);
    return node != null && node.isString() ? node.asString() : null;
  }

  /** A text as a JSON string. */
  static String quote(String text) {
    return "\"" + escape(text) + "\"";
  }

  /** A text as it stands within a JSON string. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }
}

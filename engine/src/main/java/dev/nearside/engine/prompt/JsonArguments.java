package dev.nearside.engine.prompt;

import dev.nearside.chat.ToolCall;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A call's arguments as plain data. */
final class JsonArguments {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .build();

  private JsonArguments() {}

  /**
   * The arguments as a mapping; as the text that they are when a model wrote no JSON object: a chat
   * goes on also after a broken call.
   */
  static Object parse(ToolCall call) {
    String text = call.arguments();
    if (text.isBlank()) {
      return Map.of();
    }
    try {
      return MAPPER.readValue(text, new TypeReference<Map<String, Object>>() {});
    } catch (JacksonException e) {
      return text;
    }
  }

  /** Plain data as JSON. */
  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }
}

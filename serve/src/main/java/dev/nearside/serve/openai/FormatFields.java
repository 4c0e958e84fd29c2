package dev.nearside.serve.openai;

import dev.nearside.chat.OutputFormat;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a reply must look like: OpenAI's {@code response_format}, and llama.cpp's and vLLM's ways.
 */
final class FormatFields {
  /** What {@link #read} looks at. */
  static final Set<String> NAMES =
      Set.of(
          "response_format",
          "grammar",
          "json_schema",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "guided_grammar");

  private FormatFields() {}

  static OutputFormat read(Fields f) {
    Optional<String> grammar = f.text("grammar").or(() -> f.text("guided_grammar"));
    if (grammar.isPresent()) {
      return new OutputFormat.Gbnf(grammar.get());
    }
    if (f.has("guided_regex")) {
      return new OutputFormat.Regex(f.needText("guided_regex"));
    }
    if (f.has("guided_choice")) {
      return new OutputFormat.Choice(f.texts("guided_choice"));
    }
    if (f.has("json_schema")) {
      return schema(f, "json_schema");
    }
    if (f.has("guided_json")) {
      return schema(f, "guided_json");
    }
    return f.object("response_format").map(FormatFields::format).orElse(OutputFormat.TEXT);
  }

  private static OutputFormat format(Fields f) {
    String type = f.needText("type");
    return switch (type) {
      case "text" -> OutputFormat.TEXT;
      case "json_object" -> f.has("schema") ? schema(f, "schema") : new OutputFormat.JsonObject();
      case "json_schema" -> {
        // Chat Completions nests the schema in an object with its name, Responses does not.
        Fields holder = f.object("json_schema").orElse(f);
        yield schema(holder, "schema");
      }
      default -> throw f.wrong("type", "must be text, json_object or json_schema: " + type);
    };
  }

  private static OutputFormat schema(Fields f, String key) {
    JsonNode node = f.need(key);
    if (!node.isObject() && !node.isBoolean()) {
      throw f.wrong(key, "must be a JSON Schema: an object, true or false");
    }
    return new OutputFormat.JsonSchema(Objects.requireNonNull(Json.plain(node)));
  }
}

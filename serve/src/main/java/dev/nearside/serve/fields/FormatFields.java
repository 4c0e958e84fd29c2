package dev.nearside.serve.fields;

import dev.nearside.chat.OutputFormat;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a reply must look like: OpenAI's {@code response_format}, and llama.cpp's and vLLM's ways.
 */
public final class FormatFields {
  /** What {@link #read} looks at. */
  public static final Shape SHAPE =
      Shape.EMPTY
          .with(FieldType.OBJECT, "response_format")
          .with(FieldType.ANY, "json_schema", "guided_json")
          .with(FieldType.TEXT, "grammar", "guided_regex", "guided_grammar")
          .with(FieldType.LIST, "guided_choice");

  private FormatFields() {}

  /** The one format that a request asks for. */
  public static OutputFormat read(Fields f) {
    List<String> given = SHAPE.fields().keySet().stream().filter(f::has).toList();
    if (given.size() > 1) {
      throw f.wrong(given.get(1), "can't be used together with '" + f.name(given.getFirst()) + "'");
    }
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
    return f.object("response_format")
        .map(format -> {
          boolean isSchema = format.needText("type").equals("json_schema");
          return isSchema ? schema(nested(format), "schema") : format(format);
        })
        .orElse(OutputFormat.TEXT);
  }

  // The schema with its name.
  private static Fields nested(Fields f) {
    return f.object("json_schema").orElseThrow(() -> f.wrong("json_schema", "is required"));
  }

  /** The format of an object with a {@code type}; beside it is the schema, if there is one. */
  public static OutputFormat format(Fields f) {
    String type = f.needText("type");
    return switch (type) {
      case "text" -> OutputFormat.TEXT;
      case "json_object" -> f.has("schema") ? schema(f, "schema") : new OutputFormat.JsonObject();
      case "json_schema" -> schema(f, "schema");
      default -> throw f.wrong("type", "must be text, json_object or json_schema: " + type);
    };
  }

  /** A schema in one of the object's fields. */
  public static OutputFormat schema(Fields f, String key) {
    JsonNode node = f.need(key);
    if (!node.isObject() && !node.isBoolean()) {
      throw f.wrong(key, "must be a JSON Schema: an object, true or false");
    }
    return new OutputFormat.JsonSchema(Objects.requireNonNull(Json.plain(node)));
  }
}

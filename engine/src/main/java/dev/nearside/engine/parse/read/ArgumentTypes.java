package dev.nearside.engine.parse.read;

import dev.nearside.chat.ToolSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Values that a model writes as bare text, made JSON by what the tool's schema says of them. A
 * value whose schema allows strings alone is one; else what reads as JSON of an allowed type is
 * that; all else is a string.
 */
public final class ArgumentTypes {
  private static final int MAX_DEPTH = 8;

  private final @Nullable Object schema;

  private ArgumentTypes(@Nullable Object schema) {
    this.schema = schema;
  }

  /** Of a tool's arguments as a whole; null = of any. */
  public static ArgumentTypes of(@Nullable ToolSpec tool) {
    return new ArgumentTypes(tool == null ? null : tool.parameters());
  }

  /** Of the value at {@code key}. */
  public ArgumentTypes at(String key) {
    return new ArgumentTypes(
        schema instanceof Map<?, ?> map && map.get("properties") instanceof Map<?, ?> properties
            ? properties.get(key)
            : null);
  }

  /** Of a list's items. */
  ArgumentTypes items() {
    return new ArgumentTypes(schema instanceof Map<?, ?> map ? map.get("items") : null);
  }

  /** Whether only a string will do. */
  public boolean isString() {
    Set<String> types = types();
    types.remove("null");
    return types.equals(Set.of("string"));
  }

  /** Whether it may be a list. */
  public boolean isList() {
    return types().contains("array");
  }

  /** Whether it may be an object. */
  public boolean isObject() {
    return types().contains("object");
  }

  /** One of the types that it may be, by name; {@code string} where nothing is said. */
  public String name() {
    Set<String> types = new TreeSet<>(types());
    types.remove("null");
    types.remove("integer");
    return types.isEmpty()
        ? (types().contains("integer") ? "number" : "string")
        : types.iterator().next();
  }

  /** The value as JSON. */
  String json(String text) {
    Set<String> types = types();
    boolean takesString = types.isEmpty() || types.contains("string");
    if (types.equals(Set.of("string"))) {
      return JsonText.quote(text);
    }
    String bare = pythonic(text.strip());
    JsonNode node = JsonText.parse(bare);
    if (node == null || (takesString && !types.isEmpty() && !isOneOf(node, types))) {
      return JsonText.quote(text);
    }
    return bare;
  }

  private static String pythonic(String text) {
    return switch (text) {
      case "True", "TRUE" -> "true";
      case "False", "FALSE" -> "false";
      case "None", "NULL" -> "null";
      default -> text;
    };
  }

  private static boolean isOneOf(JsonNode node, Set<String> types) {
    String type = node.getNodeType().name().toLowerCase(Locale.ROOT);
    return types.contains(type) || (node.isIntegralNumber() && types.contains("integer"));
  }

  private Set<String> types() {
    Set<String> types = new HashSet<>();
    collect(schema, types, 0);
    return types;
  }

  private static void collect(@Nullable Object schema, Set<String> types, int depth) {
    if (!(schema instanceof Map<?, ?> map) || depth > MAX_DEPTH) {
      return;
    }
    if (map.get("type") instanceof String type) {
      types.add(type);
    } else if (map.get("type") instanceof List<?> list) {
      list.forEach(type -> types.add(String.valueOf(type)));
    }
    if (map.get("enum") instanceof List<?> values && !map.containsKey("type")) {
      values.forEach(value -> types.add(typeOf(value)));
    }
    if (map.containsKey("const") && !map.containsKey("type")) {
      types.add(typeOf(map.get("const")));
    }
    for (String key : List.of("anyOf", "oneOf", "allOf")) {
      if (map.get(key) instanceof List<?> choices) {
        choices.forEach(choice -> collect(choice, types, depth + 1));
      }
    }
  }

  private static String typeOf(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> "string";
      case Boolean b -> "boolean";
      case Number n -> "number";
      case List<?> l -> "array";
      default -> "object";
    };
  }
}

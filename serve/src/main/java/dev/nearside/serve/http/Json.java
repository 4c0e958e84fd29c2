package dev.nearside.serve.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees. */
public final class Json {
  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Maps, lists, strings, numbers, booleans and null, in the order of the tree. */
  public static @Nullable Object plain(JsonNode node) {
    if (node.isObject()) {
      return map(node);
    }
    if (node.isArray()) {
      List<@Nullable Object> out = new ArrayList<>();
      node.values().forEach(member -> out.add(plain(member)));
      return out;
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNumber() ? node.numberValue() : null;
  }

  /** The members of an object, as {@link #plain} has them. */
  public static Map<String, Object> map(JsonNode object) {
    Map<String, Object> out = new LinkedHashMap<>();
    object.properties().forEach(e -> put(out, e.getKey(), plain(e.getValue())));
    return out;
  }

  // A JSON null is a member too; only the type checker does not know of such maps.
  @SuppressWarnings("NullAway")
  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    map.put(key, value);
  }

  /** A tree of what {@link #plain} makes. */
  public static JsonNode tree(@Nullable Object plain) {
    return JsonReader.MAPPER.valueToTree(plain);
  }

  /** The text of a tree, without spaces. */
  public static String text(JsonNode tree) {
    return JsonReader.MAPPER.writeValueAsString(tree);
  }

  /** The value of a number, infinite when it is too large; not a number for all else. */
  public static double number(JsonNode node) {
    return node.isNumber() ? node.numberValue().doubleValue() : Double.NaN;
  }

  /** A text as a tree; null when it is no JSON. */
  public static @Nullable JsonNode parse(String text) {
    try {
      return JsonReader.MAPPER.readTree(text);
    } catch (JacksonException | NumberFormatException e) { // also an exponent out of bounds
      return null;
    }
  }
}

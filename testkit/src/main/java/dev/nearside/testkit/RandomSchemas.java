package dev.nearside.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of every keyword that is supported, put together at random. */
public final class RandomSchemas {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> NAMES = List.of("a", "ab", "name", "größe", "x\"y", "id");
  private static final List<String> PATTERNS =
      List.of(
          "^[a-z]+$", "[0-9]{2}", "^a", "b$", "^(foo|bar)?x*$", "^\\w+-\\d$", "^.{1,3}$", "\\S");
  private static final List<String> FORMATS =
      List.of(
          "date",
          "time",
          "date-time",
          "uuid",
          "ipv4",
          "ipv6",
          "hostname",
          "uri",
          "duration",
          "json-pointer",
          "uri-reference",
          "relative-json-pointer",
          "unknown");

  private final Random random;

  private RandomSchemas(Random random) {
    this.random = random;
  }

  /** The next schema of the generator, as JSON text; the same random numbers give the same. */
  public static String schema(Random random) {
    RandomSchemas made = new RandomSchemas(random);
    ObjectNode root = made.object(0);
    ObjectNode definitions = JSON.objectNode();
    definitions.set("leaf", made.schema(3));
    ObjectNode tree = JSON.objectNode().put("type", "object");
    ObjectNode properties = JSON.objectNode();
    properties.set("value", JSON.objectNode().put("$ref", "#/$defs/leaf"));
    ObjectNode children = JSON.objectNode().put("type", "array");
    children.set("items", JSON.objectNode().put("$ref", "#/$defs/tree"));
    properties.set("children", children);
    tree.set("properties", properties);
    definitions.set("tree", tree);
    root.set("$defs", definitions);
    return root.toString();
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private JsonNode schema(int depth) {
    if (chance(4)) {
      return JSON.booleanNode(chance(80));
    }
    if (depth < 3 && chance(6)) {
      return JSON.objectNode().put("$ref", chance(50) ? "#/$defs/leaf" : "#/$defs/tree");
    }
    int kind = random.nextInt(depth >= 3 ? 6 : 12);
    return switch (kind) {
      case 0, 1 -> string();
      case 2 -> number();
      case 3 -> values();
      case 4 ->
          JSON.objectNode().put("type", pick(List.of("boolean", "null", "integer", "number")));
      case 5 -> {
        ArrayNode types = JSON.arrayNode().add("string").add(pick(List.of("null", "integer")));
        yield JSON.objectNode().set("type", types);
      }
      case 6, 7 -> array(depth);
      case 8, 9 -> object(depth);
      default -> combined(depth);
    };
  }

  private ObjectNode string() {
    ObjectNode out = JSON.objectNode().put("type", "string");
    switch (random.nextInt(5)) {
      case 0 -> out.put("pattern", pick(PATTERNS));
      case 1 -> out.put("format", pick(FORMATS));
      case 2 -> {
        out.put("minLength", random.nextInt(4));
        out.put("maxLength", 4 + random.nextInt(30));
      }
      case 3 -> {
        out.put("pattern", pick(PATTERNS));
        out.put("maxLength", 8 + random.nextInt(10));
      }
      default -> {}
    }
    return out;
  }

  private ObjectNode number() {
    boolean isInteger = chance(50);
    ObjectNode out = JSON.objectNode().put("type", isInteger ? "integer" : "number");
    double low = random.nextInt(2000) / 8.0 - 120;
    if (chance(60)) {
      out.put(chance(50) ? "minimum" : "exclusiveMinimum", isInteger ? Math.rint(low) : low);
    }
    if (chance(60)) {
      double high = low + 2 + random.nextInt(900) / 4.0;
      out.put(chance(50) ? "maximum" : "exclusiveMaximum", isInteger ? Math.rint(high) : high);
    }
    if (chance(25)) {
      out.put(
          "multipleOf", isInteger ? pick(List.of(1.0, 3.0, 7.0)) : pick(List.of(0.5, 0.01, 2.0)));
    }
    return out;
  }

  private ObjectNode values() {
    List<Supplier<JsonNode>> some =
        List.of(
            () -> JSON.numberNode(random.nextInt(5)),
            () -> JSON.stringNode(pick(NAMES)),
            () -> JSON.booleanNode(chance(50)),
            JSON::nullNode,
            () -> JSON.arrayNode().add(1).add("x"),
            () -> JSON.objectNode().put("a", 1).put("name", "n"),
            () -> JSON.numberNode(1.5));
    if (chance(30)) {
      return JSON.objectNode().set("const", pick(some).get());
    }
    ArrayNode options = JSON.arrayNode();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      options.add(pick(some).get());
    }
    return JSON.objectNode().set("enum", options);
  }

  private ObjectNode array(int depth) {
    ObjectNode out = JSON.objectNode().put("type", "array");
    if (chance(30)) {
      ArrayNode prefix = JSON.arrayNode();
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        prefix.add(schema(depth + 1));
      }
      out.set("prefixItems", prefix);
    }
    if (chance(70)) {
      out.set("items", schema(depth + 1));
    }
    if (chance(30)) {
      out.put("minItems", random.nextInt(4));
    }
    if (chance(30)) {
      out.put("maxItems", 3 + random.nextInt(4));
    }
    if (chance(12)) {
      out.set("contains", schema(3));
      if (chance(40)) {
        out.put("minContains", random.nextInt(3));
      }
      if (chance(30)) {
        out.put("maxContains", 2 + random.nextInt(2));
      }
    }
    if (chance(12)) {
      out.put("uniqueItems", true);
    }
    if (chance(8)) {
      out.put("unevaluatedItems", false);
    }
    return out;
  }

  private ObjectNode object(int depth) {
    ObjectNode out = JSON.objectNode().put("type", "object");
    ObjectNode properties = JSON.objectNode();
    List<String> names = new ArrayList<>(NAMES);
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      properties.set(names.remove(random.nextInt(names.size())), schema(depth + 1));
    }
    out.set("properties", properties);
    ArrayNode required = JSON.arrayNode();
    properties
        .propertyNames()
        .forEach(name -> {
          if (chance(40)) {
            required.add(name);
          }
        });
    if (chance(5)) {
      required.add(pick(NAMES));
    }
    out.set("required", required);
    if (chance(40)) {
      out.set(
          "additionalProperties", chance(50) ? JSON.booleanNode(chance(50)) : schema(depth + 1));
    }
    if (chance(15)) {
      out.set("patternProperties", JSON.objectNode().set(pick(PATTERNS), schema(depth + 1)));
    }
    if (chance(10)) {
      out.set("propertyNames", string());
    }
    if (chance(12)) {
      out.put("minProperties", random.nextInt(3));
    }
    if (chance(12)) {
      out.put("maxProperties", 1 + random.nextInt(4));
    }
    if (chance(10)) {
      out.set(
          "dependentRequired",
          JSON.objectNode().set(pick(NAMES), JSON.arrayNode().add(pick(NAMES))));
    }
    if (chance(6)) {
      out.set("dependentSchemas", JSON.objectNode().set(pick(NAMES), object(depth + 2)));
    }
    if (chance(8)) {
      out.put("unevaluatedProperties", false);
    }
    return out;
  }

  private ObjectNode combined(int depth) {
    ObjectNode out = JSON.objectNode();
    String keyword = pick(List.of("anyOf", "anyOf", "oneOf", "allOf", "not", "if"));
    switch (keyword) {
      case "not" -> out.set("not", schema(depth + 1));
      case "if" -> {
        out.set("if", object(depth + 2));
        out.set("then", schema(depth + 1));
        out.set("else", schema(depth + 1));
      }
      case "allOf" -> {
        ArrayNode all = JSON.arrayNode().add(object(depth + 1));
        all.add(chance(50) ? object(depth + 1) : combined(depth + 2));
        out.set("allOf", all);
      }
      default -> {
        ArrayNode options = JSON.arrayNode();
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
          options.add(schema(depth + 1));
        }
        out.set(keyword, options);
        if (chance(20)) {
          out.put("unevaluatedProperties", false);
        }
      }
    }
    return out;
  }
}

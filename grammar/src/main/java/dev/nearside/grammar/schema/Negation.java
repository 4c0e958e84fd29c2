package dev.nearside.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is left when a schema must not hold: an instance that fails at least one of its keywords.
 * Keywords whose failure can't be described are left out, so the result may be too narrow, never
 * too wide.
 */
final class Negation {
  /** Values that are not allowed; only in schemas made here. */
  static final String NOT_ENUM = "\0notEnum";

  /** A pattern that may not be found. */
  static final String NOT_PATTERN = "\0notPattern";

  /** Properties that may not be there. */
  static final String ABSENT = "\0absent";

  /** The properties that are named say nothing about others. */
  static final String OPEN = "\0open";

  /** A number that is no integer. */
  static final String FRACTION = "\0fraction";

  private static final List<String> TYPES =
      List.of("null", "boolean", "object", "array", "string", "integer", FRACTION);

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Sub sub;
  private final SchemaDocument document;
  private final List<List<Sub>> alternatives = new ArrayList<>();
  private boolean isNarrowed;
  private int made;

  private Negation(Sub sub, SchemaDocument document) {
    this.sub = sub;
    this.document = document;
  }

  /**
   * The ways in which {@code sub}, which is negated, can be satisfied.
   *
   * @throws dev.nearside.grammar.SchemaException where none of them can be described
   */
  static List<List<Sub>> of(Sub sub, SchemaDocument document) {
    Negation negation = new Negation(sub.negated(), document);
    for (String keyword : sub.node().propertyNames()) {
      negation.keyword(keyword, sub.node().path(keyword));
    }
    if (negation.alternatives.isEmpty() && negation.isNarrowed) {
      throw sub.unsupported("not");
    }
    return negation.alternatives;
  }

  private void keyword(String keyword, JsonNode value) {
    switch (keyword) {
      case "type" -> notType();
      case "const" -> add(object().set(NOT_ENUM, JSON.arrayNode().add(value)));
      case "enum" -> add(object().set(NOT_ENUM, value));
      case "minimum" -> bound(keyword, "exclusiveMaximum");
      case "exclusiveMinimum" -> bound(keyword, "maximum");
      case "maximum" -> bound(keyword, "exclusiveMinimum");
      case "exclusiveMaximum" -> bound(keyword, "minimum");
      case "minLength" -> count(keyword, "string", "maxLength", -1);
      case "maxLength" -> count(keyword, "string", "minLength", 1);
      case "minItems" -> count(keyword, "array", "maxItems", -1);
      case "maxItems" -> count(keyword, "array", "minItems", 1);
      case "minProperties" -> count(keyword, "object", "maxProperties", -1);
      case "maxProperties" -> count(keyword, "object", "minProperties", 1);
      case "pattern" -> add(typed("string").set(NOT_PATTERN, value));
      case "required" ->
          sub.names(keyword)
              .forEach(name -> add(typed("object").set(ABSENT, JSON.arrayNode().add(name))));
      case "properties" ->
          sub.object(keyword).forEachEntry((name, schema) -> property(name, schema));
      case "items" -> {
        if (!sub.has("prefixItems") && !value.isArray()) {
          add(typed("array").set("contains", not(value)));
        } else {
          isNarrowed = true;
        }
      }
      case "prefixItems" -> prefix(value);
      case "contains" -> {
        if (sub.has("minContains") || sub.has("maxContains")) {
          isNarrowed = true;
        } else {
          add(typed("array").set("items", not(value)));
        }
      }
      case "$ref", "$dynamicRef" ->
          alternatives.add(List.of(document.resolve(sub, keyword).negated()));
      case "allOf" ->
          sub.options(keyword).forEach(option -> alternatives.add(List.of(option.negated())));
      case "anyOf", "oneOf" ->
          alternatives.add(sub.options(keyword).stream().map(Sub::negated).toList());
      case "not" -> alternatives.add(List.of(sub.inPlace(value, keyword)));
      case "if" -> conditional(value);
      case "dependentSchemas" ->
          sub.object(keyword)
              .forEachEntry((name, schema) -> {
                ObjectNode present = typed("object");
                present.set("required", JSON.arrayNode().add(name));
                alternatives.add(
                    List.of(synthetic(present), sub.inPlace(schema, keyword, name).negated()));
              });
      case "multipleOf",
          "format",
          "additionalProperties",
          "patternProperties",
          "propertyNames",
          "dependentRequired",
          "dependencies",
          "unevaluatedProperties",
          "unevaluatedItems",
          "uniqueItems",
          "additionalItems",
          NOT_ENUM,
          NOT_PATTERN,
          ABSENT ->
          isNarrowed = true;
      default -> {
        // An annotation can't fail; then and else are handled with if.
      }
    }
  }

  private void notType() {
    Set<String> named = Types.names(sub);
    ArrayNode left = JSON.arrayNode();
    for (String type : TYPES) {
      boolean isNumber = type.equals("integer") || type.equals(FRACTION);
      if (!named.contains(type) && !(isNumber && named.contains("number"))) {
        left.add(type);
      }
    }
    if (!left.isEmpty()) {
      add(object().set("type", left));
    }
  }

  private void bound(String keyword, String opposite) {
    BigDecimal number = sub.number(keyword);
    if (number != null) {
      add(typed("number").put(opposite, number));
    }
  }

  private void count(String keyword, String type, String opposite, int shift) {
    long count = (long) sub.count(keyword) + shift;
    if (count >= 0) {
      add(typed(type).put(opposite, Math.min(count, Integer.MAX_VALUE)));
    }
  }

  private void property(String name, JsonNode schema) {
    ObjectNode out = typed("object").put(OPEN, true);
    out.set("required", JSON.arrayNode().add(name));
    out.set("properties", object().set(name, not(schema)));
    add(out);
  }

  private void prefix(JsonNode schemas) {
    for (int i = 0; i < schemas.size(); i++) {
      ObjectNode out = typed("array").put("minItems", i + 1);
      ArrayNode items = JSON.arrayNode();
      for (int k = 0; k < i; k++) {
        items.add(true);
      }
      items.add(not(schemas.get(i)));
      out.set("prefixItems", items);
      out.put("items", true);
      add(out);
    }
  }

  private void conditional(JsonNode test) {
    Sub holds = sub.inPlace(test, "if");
    @Nullable JsonNode then = sub.get("then");
    @Nullable JsonNode other = sub.get("else");
    if (then != null) {
      alternatives.add(List.of(holds, sub.inPlace(then, "then").negated()));
    }
    if (other != null) {
      alternatives.add(List.of(holds.negated(), sub.inPlace(other, "else").negated()));
    }
  }

  private static ObjectNode object() {
    return JSON.objectNode();
  }

  private static ObjectNode typed(String type) {
    return object().put("type", type);
  }

  private static JsonNode not(JsonNode schema) {
    return object().set("not", schema);
  }

  private void add(JsonNode schema) {
    alternatives.add(List.of(synthetic(schema)));
  }

  private Sub synthetic(JsonNode schema) {
    return new Sub(schema, sub.pointer() + "/not~" + made++, sub.base(), false, Set.of());
  }
}

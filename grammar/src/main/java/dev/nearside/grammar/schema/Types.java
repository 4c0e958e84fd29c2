package dev.nearside.grammar.schema;

import dev.nearside.grammar.SchemaException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The types of instances; numbers are integers or they have a fraction. */
enum Types {
  NULL,
  BOOLEAN,
  OBJECT,
  ARRAY,
  STRING,
  INTEGER,
  FRACTION;

  private static final List<String> OF_OBJECTS =
      List.of(
          "properties",
          "required",
          "additionalProperties",
          "patternProperties",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "dependentRequired",
          "dependentSchemas",
          "unevaluatedProperties");

  private static final List<String> OF_ARRAYS =
      List.of(
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "uniqueItems",
          "contains",
          "unevaluatedItems");

  private static final List<String> OF_STRINGS =
      List.of("minLength", "maxLength", "pattern", "format");

  private static final List<String> OF_NUMBERS =
      List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

  /** The names in the keyword {@code type}. */
  static Set<String> names(Sub sub) {
    JsonNode value = sub.node().path("type");
    Set<String> out = new LinkedHashSet<>();
    for (JsonNode name : value.isArray() ? value : List.of(value)) {
      if (!name.isString()) {
        throw malformed(sub);
      }
      out.add(name.asString());
    }
    return out;
  }

  /**
   * The types that all of {@code flats} allow. A schema that names no type but keywords of some
   * types means those: that is how schemas are written for models, and narrower is never wrong.
   */
  static EnumSet<Types> of(List<Sub> flats) {
    EnumSet<Types> out = EnumSet.allOf(Types.class);
    EnumSet<Types> meant = EnumSet.noneOf(Types.class);
    boolean isNamed = false;
    for (Sub flat : flats) {
      if (flat.has("type")) {
        EnumSet<Types> named = EnumSet.noneOf(Types.class);
        for (String name : names(flat)) {
          named.addAll(ofName(flat, name));
        }
        out.retainAll(named);
        isNamed = true;
      }
      isNamed |= flat.has("enum") || flat.has("const");
      meant.addAll(meant(flat));
    }
    if (!isNamed && !meant.isEmpty()) {
      out.retainAll(meant);
    }
    return out;
  }

  private static EnumSet<Types> meant(Sub flat) {
    EnumSet<Types> meant = EnumSet.noneOf(Types.class);
    if (OF_OBJECTS.stream().anyMatch(flat::has)) {
      meant.add(OBJECT);
    }
    if (OF_ARRAYS.stream().anyMatch(flat::has)) {
      meant.add(ARRAY);
    }
    if (OF_STRINGS.stream().anyMatch(flat::has)) {
      meant.add(STRING);
    }
    if (OF_NUMBERS.stream().anyMatch(flat::has)) {
      meant.addAll(EnumSet.of(INTEGER, FRACTION));
    }
    return meant;
  }

  private static EnumSet<Types> ofName(Sub flat, String name) {
    return switch (name) {
      case "null" -> EnumSet.of(NULL);
      case "boolean" -> EnumSet.of(BOOLEAN);
      case "object" -> EnumSet.of(OBJECT);
      case "array" -> EnumSet.of(ARRAY);
      case "string" -> EnumSet.of(STRING);
      case "integer" -> EnumSet.of(INTEGER);
      case "number" -> EnumSet.of(INTEGER, FRACTION);
      case Negation.FRACTION -> EnumSet.of(FRACTION);
      default -> throw malformed(flat);
    };
  }

  private static SchemaException malformed(Sub sub) {
    return sub.malformed(
        "type", "null, boolean, object, array, string, integer or number, or an array of those");
  }

  /** The type of a value. */
  static Types ofValue(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> NULL;
      case BOOLEAN -> BOOLEAN;
      case OBJECT, POJO -> OBJECT;
      case ARRAY -> ARRAY;
      case STRING, BINARY -> STRING;
      case NUMBER -> value.decimalValue().stripTrailingZeros().scale() <= 0 ? INTEGER : FRACTION;
    };
  }
}

package dev.nearside.tokenizer.json;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.pre.SplitBehavior;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One component of the pipeline as the file describes it, with typed access to its fields.
 *
 * @param node the JSON object
 * @param where the place in the file, for errors
 */
record Component(JsonNode node, String where) {

  /** The component at {@code node}; null where the file says null or nothing. */
  static @Nullable Component of(@Nullable JsonNode node, String where) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isObject()) {
      throw new TokenizerException(
          Fault.of("broken tokenizer.json")
              .got(node.getNodeType())
              .expected("an object")
              .where(where));
    }
    return new Component(node, where);
  }

  String type() {
    return string("type", "");
  }

  String string(String field, String otherwise) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isString()) {
      throw wrong(field, value, "a string");
    }
    return value.stringValue();
  }

  boolean flag(String field, boolean otherwise) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw wrong(field, value, "a boolean");
    }
    return value.booleanValue();
  }

  int number(String field, int otherwise) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isInt()) {
      throw wrong(field, value, "a whole number");
    }
    return value.intValue();
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** The components in a list field; an absent list is empty. */
  List<Component> children(String field) {
    List<Component> out = new ArrayList<>();
    JsonNode list = node.get(field);
    if (list == null || list.isNull()) {
      return out;
    }
    if (!list.isArray()) {
      throw wrong(field, list, "an array");
    }
    for (int i = 0; i < list.size(); i++) {
      Component child = of(list.get(i), where + "." + field + "[" + i + "]");
      if (child != null) {
        out.add(child);
      }
    }
    return out;
  }

  /** The pattern of {@code Split} and {@code Replace}. */
  Regex pattern() {
    JsonNode pattern = node.get("pattern");
    JsonNode literal = pattern == null ? null : pattern.get("String");
    JsonNode regex = pattern == null ? null : pattern.get("Regex");
    if (literal != null && literal.isString()) {
      return Regex.literal(literal.stringValue());
    }
    if (regex != null && regex.isString()) {
      return Regex.oniguruma(regex.stringValue(), where);
    }
    throw wrong("pattern", pattern, "{\"String\": …} or {\"Regex\": …}");
  }

  SplitBehavior behavior(SplitBehavior otherwise) {
    String name = string("behavior", "");
    return switch (name) {
      case "" -> otherwise;
      case "Removed" -> SplitBehavior.REMOVED;
      case "Isolated" -> SplitBehavior.ISOLATED;
      case "MergedWithPrevious" -> SplitBehavior.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> SplitBehavior.MERGED_WITH_NEXT;
      case "Contiguous" -> SplitBehavior.CONTIGUOUS;
      default -> throw unknown("behavior", name);
    };
  }

  /** The error for a component type that isn't known. */
  TokenizerException unknownType() {
    return unknown("type", type());
  }

  private TokenizerException unknown(String field, String value) {
    return new TokenizerException(
        Fault.of("unknown component in tokenizer.json")
            .got(value.isEmpty() ? "none" : value)
            .where(where + "." + field)
            .hint("The model may be newer than this program"));
  }

  TokenizerException wrong(String field, @Nullable JsonNode value, String wanted) {
    return new TokenizerException(
        Fault.of("broken tokenizer.json")
            .got(value == null ? "nothing" : value.getNodeType().toString())
            .expected(wanted)
            .where(where + "." + field));
  }
}

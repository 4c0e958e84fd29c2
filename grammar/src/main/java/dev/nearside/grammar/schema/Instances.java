package dev.nearside.grammar.schema;

import dev.nearside.grammar.text.CharDfa;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether a value that is known satisfies a schema: for {@code enum} and {@code const}. */
final class Instances {
  private static final int MAX_DEPTH = 64;

  private final SchemaDocument document;
  private final Languages languages;

  Instances(SchemaDocument document, Languages languages) {
    this.document = document;
    this.languages = languages;
  }

  /** Equality as JSON Schema means it: 1 and 1.0 are the same number. */
  static boolean isSame(JsonNode a, JsonNode b) {
    return a.equals(NUMBERS, b);
  }

  private static final java.util.Comparator<JsonNode> NUMBERS =
      (a, b) ->
          a.isNumber() && b.isNumber()
              ? a.decimalValue().compareTo(b.decimalValue())
              : (a.equals(b) ? 0 : 1);

  boolean isValid(JsonNode value, Sub sub, int depth) {
    if (depth > MAX_DEPTH) {
      throw sub.fault("a schema that applies itself without end", "$ref");
    }
    JsonNode node = sub.node();
    boolean holds =
        node.isBoolean()
            ? node.booleanValue()
            : satisfies(value, sub, depth) && applies(value, sub, depth);
    return holds != sub.isNegated();
  }

  private boolean applies(JsonNode value, Sub sub, int depth) {
    for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
      if (sub.has(keyword) && !isValid(value, document.resolve(sub, keyword), depth + 1)) {
        return false;
      }
    }
    if (!sub.options("allOf").stream().allMatch(s -> isValid(value, s, depth + 1))) {
      return false;
    }
    if (sub.has("anyOf")
        && sub.options("anyOf").stream().noneMatch(s -> isValid(value, s, depth + 1))) {
      return false;
    }
    if (sub.has("oneOf")
        && sub.options("oneOf").stream().filter(s -> isValid(value, s, depth + 1)).count() != 1) {
      return false;
    }
    JsonNode not = sub.get("not");
    if (not != null && isValid(value, sub.inPlace(not, "not"), depth + 1)) {
      return false;
    }
    JsonNode test = sub.get("if");
    if (test == null) {
      return true;
    }
    String branch = isValid(value, sub.inPlace(test, "if"), depth + 1) ? "then" : "else";
    JsonNode next = sub.get(branch);
    return next == null || isValid(value, sub.inPlace(next, branch), depth + 1);
  }

  /** The keywords other than those that apply schemas to the same instance. */
  boolean satisfies(JsonNode value, Sub sub, int depth) {
    Types type = Types.ofValue(value);
    if (sub.has("type") && !Types.of(List.of(typeOnly(sub))).contains(type)) {
      return false;
    }
    JsonNode options = sub.get("enum");
    if (options != null && !contains(options, value)) {
      return false;
    }
    JsonNode only = sub.get("const");
    if (only != null && !isSame(only, value)) {
      return false;
    }
    JsonNode not = sub.get(Negation.NOT_ENUM);
    if (not != null && contains(not, value)) {
      return false;
    }
    return switch (type) {
      case NULL, BOOLEAN -> true;
      case INTEGER, FRACTION -> numberFits(value.decimalValue(), sub);
      case STRING -> stringFits(value.asString(), sub);
      case ARRAY -> arrayFits(value, sub, depth);
      case OBJECT -> objectFits(value, sub, depth);
    };
  }

  private static Sub typeOnly(Sub sub) {
    var only = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    only.set("type", sub.node().path("type"));
    return new Sub(only, sub.pointer(), sub.base(), false, Set.of());
  }

  static boolean contains(JsonNode options, JsonNode value) {
    for (JsonNode option : options) {
      if (isSame(option, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean numberFits(BigDecimal value, Sub sub) {
    return Bounds.of(List.of(sub)).contains(value);
  }

  private boolean stringFits(String text, Sub sub) {
    int length = text.codePointCount(0, text.length());
    int max = sub.count("maxLength");
    if (length < sub.count("minLength") || (max >= 0 && length > max)) {
      return false;
    }
    List<CharDfa> all = languages.patterns(List.of(sub));
    return all.stream().allMatch(dfa -> dfa.accepts(text));
  }

  private boolean arrayFits(JsonNode value, Sub sub, int depth) {
    int max = sub.count("maxItems");
    if (value.size() < sub.count("minItems") || (max >= 0 && value.size() > max)) {
      return false;
    }
    if (sub.node().path("uniqueItems").asBoolean(false)) {
      for (int i = 1; i < value.size(); i++) {
        for (int k = 0; k < i; k++) {
          if (isSame(value.get(i), value.get(k))) {
            return false;
          }
        }
      }
    }
    Elements elements = Elements.of(List.of(sub));
    for (int i = 0; i < value.size(); i++) {
      for (Sub item : elements.subs(i)) {
        if (!isValid(value.get(i), item, depth + 1)) {
          return false;
        }
      }
    }
    JsonNode contains = sub.get("contains");
    if (contains == null) {
      return true;
    }
    int found = 0;
    for (JsonNode item : value) {
      found += isValid(item, sub.child(contains, "contains"), depth + 1) ? 1 : 0;
    }
    int most = sub.count("maxContains");
    int least = sub.has("minContains") ? sub.count("minContains") : 1;
    return found >= least && (most < 0 || found <= most);
  }

  private boolean objectFits(JsonNode value, Sub sub, int depth) {
    int max = sub.count("maxProperties");
    if (value.size() < sub.count("minProperties") || (max >= 0 && value.size() > max)) {
      return false;
    }
    Members members = new Members(List.of(sub), languages);
    Set<String> names = new HashSet<>(value.propertyNames());
    if (!names.containsAll(members.required())
        || names.stream().anyMatch(members.absent()::contains)) {
      return false;
    }
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      JsonNode key =
          tools.jackson.databind.node.JsonNodeFactory.instance.stringNode(entry.getKey());
      JsonNode keys = sub.get("propertyNames");
      if (keys != null && !isValid(key, sub.child(keys, "propertyNames"), depth + 1)) {
        return false;
      }
      for (Sub schema : members.subs(entry.getKey())) {
        if (!isValid(entry.getValue(), schema, depth + 1)) {
          return false;
        }
      }
    }
    for (Map.Entry<String, JsonNode> entry : sub.object("dependentRequired").properties()) {
      for (JsonNode needed :
          names.contains(entry.getKey()) ? entry.getValue() : List.<JsonNode>of()) {
        if (!names.contains(needed.asString())) {
          return false;
        }
      }
    }
    for (Map.Entry<String, JsonNode> entry : sub.object("dependentSchemas").properties()) {
      Sub schema = sub.inPlace(entry.getValue(), "dependentSchemas", entry.getKey());
      if (names.contains(entry.getKey()) && !isValid(value, schema, depth + 1)) {
        return false;
      }
    }
    return true;
  }
}

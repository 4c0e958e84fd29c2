package dev.nearside.grammar.schema;

import dev.nearside.grammar.SchemaException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schema at its place in a document.
 *
 * @param pointer where it stands, {@code #/properties/a}; the same text means the same schema
 * @param base the identifier against which its references resolve
 * @param isNegated whether what it describes is what may not be
 * @param owners pointers of the schemas that apply it to the same instance, nearest last
 */
record Sub(JsonNode node, String pointer, String base, boolean isNegated, Set<String> owners) {
  private static final BigInteger MAX_INT = BigInteger.valueOf(Integer.MAX_VALUE);

  /** The same place, and whether it is negated. */
  String key() {
    return isNegated ? "!" + pointer : pointer;
  }

  Sub negated() {
    return new Sub(node, pointer, base, !isNegated, owners);
  }

  boolean has(String keyword) {
    return node.has(keyword);
  }

  /** The value of a keyword, or null. */
  @Nullable JsonNode get(String keyword) {
    return node.get(keyword);
  }

  /** A schema below, for another instance (an item, a property). */
  Sub child(JsonNode child, String... steps) {
    return new Sub(child, below(steps), base, false, Set.of());
  }

  /** A schema below for the same instance. */
  Sub inPlace(JsonNode child, String... steps) {
    java.util.LinkedHashSet<String> chain = new java.util.LinkedHashSet<>(owners);
    chain.add(pointer);
    return new Sub(child, below(steps), base, false, chain);
  }

  private String below(String... steps) {
    StringBuilder out = new StringBuilder(pointer);
    for (String step : steps) {
      out.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    return out.toString();
  }

  SchemaException fault(String what, String keyword) {
    return new SchemaException(what, keyword, keyword.isEmpty() ? pointer : below(keyword));
  }

  /**
   * @param expected what the keyword's value should be
   */
  SchemaException malformed(String keyword, String expected) {
    String what = "malformed schema: " + keyword + " must be " + expected;
    return new SchemaException(what, keyword, below(keyword), true);
  }

  SchemaException unsupported(String keyword) {
    return fault("this schema can't be honoured while generating", keyword);
  }

  /** A count such as minLength, or -1 where the keyword is absent; huge ones are cut. */
  int count(String keyword) {
    JsonNode value = get(keyword);
    if (value == null) {
      return -1;
    }
    BigDecimal number = number(keyword);
    if (number == null || number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw malformed(keyword, "a whole number from 0");
    }
    return number.toBigInteger().min(MAX_INT).intValue();
  }

  /** A number, or null where the keyword is absent. */
  @Nullable BigDecimal number(String keyword) {
    JsonNode value = get(keyword);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      throw malformed(keyword, "a number");
    }
    BigDecimal number = value.decimalValue();
    if (number.precision() > 60 || Math.abs(number.scale()) > 60) {
      throw fault("a number with too many digits", keyword);
    }
    return number;
  }

  /** The names in an array of strings; empty where the keyword is absent. */
  List<String> names(String keyword) {
    List<String> out = new ArrayList<>();
    JsonNode value = get(keyword);
    String expected = "an array of strings";
    if (value != null && !value.isArray()) {
      throw malformed(keyword, expected);
    }
    if (value != null) {
      for (JsonNode name : value) {
        if (!name.isString()) {
          throw malformed(keyword, expected);
        }
        out.add(name.asString());
      }
    }
    return out;
  }

  /** The members of an array of schemas, in place; empty where the keyword is absent. */
  List<Sub> options(String keyword) {
    List<Sub> out = new ArrayList<>();
    JsonNode value = get(keyword);
    if (value == null) {
      return out;
    }
    if (!value.isArray() || value.isEmpty()) {
      throw malformed(keyword, "an array of schemas");
    }
    for (int i = 0; i < value.size(); i++) {
      out.add(inPlace(value.get(i), keyword, String.valueOf(i)));
    }
    return out;
  }

  /** The members of an object of schemas by name. */
  JsonNode object(String keyword) {
    JsonNode value = node.path(keyword);
    if (!value.isMissingNode() && !value.isObject()) {
      throw malformed(keyword, "an object");
    }
    return value;
  }
}

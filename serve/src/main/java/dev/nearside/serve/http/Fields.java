package dev.nearside.serve.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object of a request. A field of the wrong type is an error that names it; absent and null
 * are the same.
 *
 * @param path of the object in the request; empty for the request itself
 */
public record Fields(JsonNode object, String path) {
  /** The request itself. */
  public static Fields of(JsonNode body) {
    if (!body.isObject()) {
      throw HttpProblem.invalid(null, "the request body must be a JSON object");
    }
    return new Fields(body, "");
  }

  /** The name of a field as errors show it. */
  public String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  public boolean has(String key) {
    return find(key) != null;
  }

  /** The field, if it is there and not null. */
  public @Nullable JsonNode find(String key) {
    JsonNode node = object.get(key);
    return node == null || node.isNull() ? null : node;
  }

  /** The error of a field. */
  public HttpProblem wrong(String key, String message) {
    return HttpProblem.invalid(name(key), "'" + name(key) + "' " + message);
  }

  /** A field that must be there. */
  public JsonNode need(String key) {
    JsonNode node = find(key);
    if (node == null) {
      throw wrong(key, "is required");
    }
    return node;
  }

  public Optional<String> text(String key) {
    JsonNode node = find(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isString()) {
      throw wrong(key, "must be a string");
    }
    return Optional.of(node.stringValue());
  }

  /** A text that must be there. */
  public String needText(String key) {
    return text(key).orElseThrow(() -> wrong(key, "is required"));
  }

  public boolean flag(String key, boolean otherwise) {
    JsonNode node = find(key);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw wrong(key, "must be true or false");
    }
    return node.booleanValue();
  }

  public @Nullable Float number(String key, double min, double max) {
    JsonNode node = find(key);
    if (node == null) {
      return null;
    }
    double value = Json.number(node);
    if (!(value >= min && value <= max)) {
      throw wrong(key, "must be a number from " + plain(min) + " to " + plain(max));
    }
    return (float) value;
  }

  /** A whole number; also written as 5.0. */
  public OptionalInt whole(String key, int min, int max) {
    JsonNode node = find(key);
    if (node == null) {
      return OptionalInt.empty();
    }
    double value = Json.number(node);
    if (value != Math.rint(value) || value < min || value > max) {
      throw wrong(key, "must be a whole number from " + min + " to " + max);
    }
    return OptionalInt.of((int) value);
  }

  /** A whole number of 64 bits; also written as 5.0. */
  public @Nullable Long longNumber(String key) {
    JsonNode node = find(key);
    if (node == null) {
      return null;
    }
    if (!node.isNumber()) {
      throw wrong(key, "must be a whole number");
    }
    try {
      return node.decimalValue().longValueExact();
    } catch (ArithmeticException e) {
      throw wrong(key, "must be a whole number of 64 bits");
    }
  }

  /** An object; empty when it is absent. */
  public Optional<Fields> object(String key) {
    JsonNode node = find(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isObject()) {
      throw wrong(key, "must be an object");
    }
    return Optional.of(new Fields(node, name(key)));
  }

  /** The members of an array; none when it is absent. */
  public List<JsonNode> list(String key) {
    JsonNode node = find(key);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrong(key, "must be an array");
    }
    return List.copyOf(node.values());
  }

  /** The members of an array of objects. */
  public List<Fields> objects(String key) {
    List<Fields> out = new ArrayList<>();
    List<JsonNode> nodes = list(key);
    for (int i = 0; i < nodes.size(); i++) {
      String at = name(key) + "[" + i + "]";
      if (!nodes.get(i).isObject()) {
        throw HttpProblem.invalid(at, "'" + at + "' must be an object");
      }
      out.add(new Fields(nodes.get(i), at));
    }
    return out;
  }

  /** One string or several. */
  public List<String> texts(String key) {
    JsonNode node = find(key);
    if (node != null && node.isString()) {
      return List.of(node.stringValue());
    }
    if (node == null) {
      return List.of();
    }
    List<String> out = new ArrayList<>();
    for (JsonNode member : node.isArray() ? node : List.of(node)) {
      if (!member.isString()) {
        throw wrong(key, "must be a string or an array of strings");
      }
      out.add(member.stringValue());
    }
    return out;
  }

  /** Refuses fields by name, each with its reason. */
  public void refuse(Map<String, String> reasons) {
    for (String name : object().propertyNames()) {
      String reason = reasons.get(name);
      if (reason != null && has(name)) {
        throw wrong(name, reason);
      }
    }
  }

  /** Refuses fields that are not among {@code known}; one that is null is not there. */
  public void refuseOthers(Set<String> known) {
    for (String key : new TreeSet<>(object.propertyNames())) {
      if (has(key) && !known.contains(key)) {
        throw HttpProblem.invalid(name(key), "unknown parameter '" + name(key) + "'");
      }
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}

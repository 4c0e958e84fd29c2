package dev.nearside.serve.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields that a request's object may have. Written once, used twice: to refuse what is not
 * among them, and to tell clients what there is.
 *
 * @param fields types by name
 * @param required names of those that must be there
 */
public record Shape(Map<String, FieldType> fields, Set<String> required) {
  /** JSON types, as schemas name them. */
  public enum FieldType {
    TEXT("string"),
    WHOLE("integer"),
    NUMBER("number"),
    FLAG("boolean"),
    OBJECT("object"),
    LIST("array"),
    /** Of several types. */
    ANY("");

    private final String name;

    FieldType(String name) {
      this.name = name;
    }
  }

  /** No field at all. */
  public static final Shape EMPTY = new Shape(Map.of(), Set.of());

  public Shape {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    required = Collections.unmodifiableSet(new LinkedHashSet<>(required));
  }

  /** This and fields of one type. */
  public Shape with(FieldType type, String... names) {
    Map<String, FieldType> all = new LinkedHashMap<>(fields);
    for (String name : names) {
      all.put(name, type);
    }
    return new Shape(all, required);
  }

  /** This and all fields of another. */
  public Shape and(Shape other) {
    Map<String, FieldType> all = new LinkedHashMap<>(fields);
    all.putAll(other.fields);
    Set<String> needed = new LinkedHashSet<>(required);
    needed.addAll(other.required);
    return new Shape(all, needed);
  }

  /** This, with fields that must be there. */
  public Shape needs(String... names) {
    Set<String> needed = new LinkedHashSet<>(required);
    needed.addAll(Set.of(names));
    return new Shape(fields, needed);
  }

  /** Refuses fields of a request that are not among these. */
  public void check(Fields request) {
    request.refuseOthers(fields.keySet());
  }

  /** This as a JSON Schema. */
  public ObjectNode schema() {
    ObjectNode out = Json.object().put("type", "object");
    ObjectNode properties = out.putObject("properties");
    fields.forEach((name, type) -> {
      ObjectNode property = properties.putObject(name);
      if (type != FieldType.ANY) {
        property.putArray("type").add(type.name).add("null");
      }
    });
    if (!required.isEmpty()) {
      ArrayNode names = out.putArray("required");
      required.stream().sorted().forEach(names::add);
    }
    return out.put("additionalProperties", false);
  }
}

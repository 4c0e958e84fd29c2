package dev.nearside.grammar.schema;

import dev.nearside.grammar.text.CharDfa;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What schemas say about the properties of an object. */
final class Members {
  private final List<Sub> flats;
  private final Languages languages;
  private final Set<String> declared = new LinkedHashSet<>();
  private final Set<String> required = new LinkedHashSet<>();
  private final Set<String> absent = new LinkedHashSet<>();

  Members(List<Sub> flats, Languages languages) {
    this.flats = flats;
    this.languages = languages;
    for (Sub flat : flats) {
      declared.addAll(flat.object("properties").propertyNames());
    }
    for (Sub flat : flats) {
      // In draft 4 to 7 some write a flag here, which means nothing.
      if (!flat.node().path("required").isBoolean()) {
        required.addAll(flat.names("required"));
      }
      flat.node().path(Negation.ABSENT).forEach(name -> absent.add(name.asString()));
    }
    declared.addAll(required);
  }

  /** The names that are mentioned, in the order of the schema. */
  Set<String> declared() {
    return declared;
  }

  Set<String> required() {
    return required;
  }

  /** The names that may not be there. */
  Set<String> absent() {
    return absent;
  }

  /** The patterns for names, by their text. */
  Map<String, CharDfa> patterns() {
    Map<String, CharDfa> out = new LinkedHashMap<>();
    for (Sub flat : flats) {
      for (String pattern : flat.object("patternProperties").propertyNames()) {
        out.computeIfAbsent(pattern, p -> languages.pattern(flat, "patternProperties", p));
      }
    }
    return out;
  }

  /** The schemas for the value of the property {@code name}. */
  List<Sub> subs(String name) {
    Map<String, CharDfa> patterns = patterns();
    return subs(
        pattern -> java.util.Objects.requireNonNull(patterns.get(pattern)).accepts(name), name);
  }

  /** The schemas for a property that is not declared and matches just these patterns. */
  List<Sub> subsOfOthers(Set<String> matched) {
    return subs(matched::contains, null);
  }

  private List<Sub> subs(Predicate<String> isMatched, @Nullable String name) {
    List<Sub> out = new ArrayList<>();
    for (Sub flat : flats) {
      boolean isEvaluated = ownSubs(flat, isMatched, name, out);
      JsonNode more = flat.get("additionalProperties");
      if (!isEvaluated && more != null) {
        out.add(flat.child(more, "additionalProperties"));
      }
      JsonNode unevaluated = flat.get("unevaluatedProperties");
      if (unevaluated != null && !isEvaluated(flat, isMatched, name)) {
        out.add(flat.child(unevaluated, "unevaluatedProperties"));
      }
    }
    return out;
  }

  /** Adds what properties and patterns of one schema say; whether they say anything. */
  private static boolean ownSubs(
      Sub flat, Predicate<String> isMatched, @Nullable String name, List<Sub> out) {
    boolean isEvaluated = false;
    if (name != null && flat.object("properties").has(name)) {
      out.add(flat.child(flat.object("properties").path(name), "properties", name));
      isEvaluated = true;
    }
    for (Map.Entry<String, JsonNode> entry : flat.object("patternProperties").properties()) {
      if (isMatched.test(entry.getKey())) {
        out.add(flat.child(entry.getValue(), "patternProperties", entry.getKey()));
        isEvaluated = true;
      }
    }
    return isEvaluated;
  }

  private boolean isEvaluated(Sub owner, Predicate<String> isMatched, @Nullable String name) {
    for (Sub flat : flats) {
      boolean isSelf = flat.pointer().equals(owner.pointer());
      if (isSelf || flat.owners().contains(owner.pointer())) {
        boolean isCovered =
            ownSubs(flat, isMatched, name, new ArrayList<>())
                || flat.has("additionalProperties")
                || (!isSelf && flat.has("unevaluatedProperties"));
        if (isCovered) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether properties that match no pattern and are not declared may come. Where a schema lists
   * its properties and doesn't speak of others, none may: models are to fill in what is listed.
   */
  boolean isOpen() {
    boolean isListed = false;
    for (Sub flat : flats) {
      if (flat.has("additionalProperties") || flat.has("unevaluatedProperties")) {
        return true;
      }
      isListed |= !flat.object("properties").isEmpty() && !flat.has(Negation.OPEN);
    }
    return !isListed;
  }
}

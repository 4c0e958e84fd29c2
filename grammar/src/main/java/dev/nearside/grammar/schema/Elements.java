package dev.nearside.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What schemas say about the items of an array.
 *
 * @param prefix how many items have schemas of their own
 * @param isTailNamed whether the items after those have a schema that was written down
 */
record Elements(List<Sub> flats, int prefix, boolean isTailNamed) {

  static Elements of(List<Sub> flats) {
    int prefix = 0;
    boolean isTailNamed = false;
    for (Sub flat : flats) {
      prefix = Math.max(prefix, prefixOf(flat).size());
      isTailNamed |= rest(flat) != null || flat.has("unevaluatedItems");
    }
    return new Elements(flats, prefix, isTailNamed);
  }

  /** The schemas of the first items; older drafts have them in {@code items}. */
  private static List<Sub> prefixOf(Sub flat) {
    String keyword = flat.node().path("items").isArray() ? "items" : "prefixItems";
    JsonNode value = flat.get(keyword);
    List<Sub> out = new ArrayList<>();
    if (value == null) {
      return out;
    }
    if (value.isObject() || value.isBoolean()) {
      out.add(flat.child(value, keyword));
      return out;
    }
    if (!value.isArray()) {
      throw flat.malformed(keyword, "an array of schemas");
    }
    for (int i = 0; i < value.size(); i++) {
      out.add(flat.child(value.get(i), keyword, String.valueOf(i)));
    }
    return out;
  }

  private static @Nullable Sub rest(Sub flat) {
    String keyword = flat.node().path("items").isArray() ? "additionalItems" : "items";
    JsonNode value = flat.get(keyword);
    return value == null ? null : flat.child(value, keyword);
  }

  /** The schemas that item {@code index} must satisfy. */
  List<Sub> subs(int index) {
    List<Sub> out = new ArrayList<>();
    for (Sub flat : flats) {
      List<Sub> first = prefixOf(flat);
      Sub rest = rest(flat);
      if (index < first.size()) {
        out.add(first.get(index));
      } else if (rest != null) {
        out.add(rest);
      }
      JsonNode unevaluated = flat.get("unevaluatedItems");
      if (unevaluated != null && !isEvaluated(index, flat)) {
        out.add(flat.child(unevaluated, "unevaluatedItems"));
      }
    }
    return out;
  }

  private boolean isEvaluated(int index, Sub owner) {
    for (Sub flat : flats) {
      boolean isSelf = flat.pointer().equals(owner.pointer());
      if (isSelf || flat.owners().contains(owner.pointer())) {
        boolean isCovered =
            index < prefixOf(flat).size()
                || rest(flat) != null
                || (!isSelf && flat.has("unevaluatedItems"));
        if (isCovered) {
          return true;
        }
      }
    }
    return false;
  }
}

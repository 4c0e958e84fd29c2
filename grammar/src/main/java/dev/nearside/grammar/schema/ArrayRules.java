package dev.nearside.grammar.schema;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.text.CharDfa;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Arrays: how many items, and what each must satisfy. */
final class ArrayRules {
  private static final int MAX_CONTAINS_STATES = 4_000;

  /** A list whose items differ has no more, so that telling them apart stays cheap. */
  private static final int MAX_UNIQUE = 256;

  /** A rule nests once or twice for each item that has a schema of its own. */
  private static final int MAX_PREFIX = 256;

  private final Function<List<Sub>, Expr> compile;
  private final Function<List<Sub>, @Nullable CharDfa> texts;
  private final UnaryOperator<Expr> share;

  /**
   * @param compile the expression of schemas that must all hold
   * @param texts the texts of schemas that must all hold, one per value; null where there may be
   *     lists or objects
   * @param share makes a rule of an expression
   */
  ArrayRules(
      Function<List<Sub>, Expr> compile,
      Function<List<Sub>, @Nullable CharDfa> texts,
      UnaryOperator<Expr> share) {
    this.compile = compile;
    this.texts = texts;
    this.share = share;
  }

  Expr array(List<Sub> flats) {
    Elements elements = Elements.of(flats);
    int min = flats.stream().mapToInt(f -> f.count("minItems")).max().orElse(-1);
    int max =
        flats.stream().mapToInt(f -> f.count("maxItems")).filter(n -> n >= 0).min().orElse(-1);
    int prefix = elements.prefix();
    if (prefix > MAX_PREFIX) {
      throw ScalarRules.first(flats, "prefixItems")
          .fault("more than " + MAX_PREFIX + " items with schemas of their own", "prefixItems");
    }
    if (prefix > 0) {
      // A tuple means all of its items, and no more unless more are spoken of.
      min = min >= 0 ? min : max >= 0 ? Math.min(prefix, max) : prefix;
      if (!elements.isTailNamed() && min <= prefix) {
        max = max < 0 ? prefix : Math.min(max, prefix);
      }
    }
    min = Math.max(0, min);
    if (max >= 0 && max < min) {
      return new Expr.Choice(List.of());
    }
    List<Sub> containing = flats.stream().filter(f -> f.has("contains")).toList();
    if (max != 0 && max != 1 && isUnique(flats)) {
      return share.apply(JsonRules.brackets(unique(flats, elements, min, max)));
    }
    if (!containing.isEmpty()) {
      return JsonRules.brackets(containing(containing, elements, min, max));
    }
    return JsonRules.brackets(items(elements, min, max));
  }

  private static boolean isUnique(List<Sub> flats) {
    return flats.stream().anyMatch(f -> f.node().path("uniqueItems").asBoolean(false));
  }

  /** Items that all differ: those without parts, which have one text per value. */
  private Expr unique(List<Sub> flats, Elements elements, int min, int max) {
    Sub flat = ScalarRules.first(flats, "uniqueItems");
    CharDfa language = elements.prefix() > 0 ? null : texts.apply(elements.subs(0));
    if (language == null || flats.stream().anyMatch(f -> f.has("contains")) || min > MAX_UNIQUE) {
      throw flat.unsupported("uniqueItems");
    }
    int most = (int) Math.min(language.count(MAX_UNIQUE), max < 0 ? MAX_UNIQUE : max);
    if (most < min) {
      return new Expr.Choice(List.of());
    }
    if (most == 0) {
      return Expr.text("");
    }
    Expr item = new Expr.Distinct(language, most);
    Expr more = Expr.sequence(JsonRules.COMMA, item);
    // Written out by states, since the items must be called from the list's own rule.
    List<Expr.Graph.Arc> arcs = new ArrayList<>();
    Set<Integer> finals = new HashSet<>();
    for (int i = 0; i < most; i++) {
      arcs.add(new Expr.Graph.Arc(i, i + 1, i == 0 ? item : more));
    }
    for (int i = min; i <= most; i++) {
      finals.add(i);
    }
    return new Expr.Graph(most + 1, arcs, finals);
  }

  private Expr items(Elements elements, int min, int max) {
    if (max == 0) {
      return Expr.text("");
    }
    int prefix = elements.prefix();
    Expr rest =
        Expr.repeat(
            Expr.sequence(JsonRules.COMMA, compile.apply(elements.subs(prefix))),
            Math.max(0, min - Math.max(1, prefix)),
            max < 0 ? Expr.UNLIMITED : Math.max(0, max - Math.max(1, prefix)));
    for (int i = prefix - 1; i >= 1; i--) {
      if (max < 0 || i < max) {
        Expr item = Expr.sequence(JsonRules.COMMA, compile.apply(elements.subs(i)), rest);
        rest = i < min ? item : Expr.optional(item);
      } else {
        rest = Expr.text("");
      }
    }
    Expr all = Expr.sequence(compile.apply(elements.subs(0)), rest);
    return min > 0 ? all : Expr.optional(all);
  }

  /** Items of which some must satisfy a schema: states count all items and those. */
  private Expr containing(List<Sub> containing, Elements elements, int min, int max) {
    Sub flat = containing.getFirst();
    if (containing.size() > 1 || elements.prefix() > 0) {
      throw flat.unsupported("contains");
    }
    int least = flat.has("minContains") ? flat.count("minContains") : 1;
    int most = flat.count("maxContains");
    int itemCap = max >= 0 ? max : min;
    int foundCap = most >= 0 ? most : least;
    if ((itemCap + 1L) * (foundCap + 1L) > MAX_CONTAINS_STATES || foundCap < least) {
      throw flat.unsupported("contains");
    }
    JsonNode schema = java.util.Objects.requireNonNull(flat.get("contains"));
    List<Sub> found = new ArrayList<>(elements.subs(0));
    found.add(flat.child(schema, "contains"));
    List<Sub> other = new ArrayList<>(elements.subs(0));
    if (most >= 0) {
      JsonNode not = JsonNodeFactory.instance.objectNode().set("not", schema);
      other.add(flat.child(not, "contains", "not"));
    }
    Expr foundItem = compile.apply(found);
    Expr otherItem = compile.apply(other);
    List<Expr.Graph.Arc> arcs = new ArrayList<>();
    Set<Integer> finals = new HashSet<>();
    int width = foundCap + 1;
    int states = (itemCap + 1) * width;
    // State 0 is before the first item; state 1 + s has seen items, s = items * width + found.
    // Whether a comma is due is part of the state: 1 + states + s expects an item.
    for (int items = 0; items <= itemCap; items++) {
      for (int hits = 0; hits <= foundCap; hits++) {
        int after = 1 + items * width + hits;
        int expecting = after + states;
        if (items >= min && hits >= least) {
          finals.add(after);
        }
        if (max >= 0 && items == max) {
          continue;
        }
        int nextItems = Math.min(items + 1, itemCap);
        arcs.add(new Expr.Graph.Arc(after, expecting, JsonRules.COMMA));
        arcs.add(new Expr.Graph.Arc(expecting, 1 + nextItems * width + hits, otherItem));
        if (hits < foundCap || most < 0) {
          int nextHits = Math.min(hits + 1, foundCap);
          arcs.add(new Expr.Graph.Arc(expecting, 1 + nextItems * width + nextHits, foundItem));
        }
      }
    }
    arcs.add(new Expr.Graph.Arc(0, 1 + states, Expr.text("")));
    if (min == 0 && least == 0) {
      finals.add(0);
    }
    return new Expr.Graph(1 + 2 * states, arcs, finals);
  }
}

package dev.nearside.grammar.schema;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.text.CharDfa;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * ObjectRules: first the properties that the schema names, in its order, then others. One order is
 * enough for writing, and it keeps the automaton small.
 */
final class ObjectRules {
  private static final int MAX_STATES = 20_000;
  private static final int MAX_CLASSES = 64;

  private final Languages languages;
  private final Function<List<Sub>, Expr> compile;
  private final Function<List<Sub>, CharDfa> names;
  private final UnaryOperator<Expr> share;

  /**
   * @param compile the expression of schemas that must all hold
   * @param names the strings that satisfy schemas which must all hold
   * @param share makes a rule of an expression that is used several times
   */
  ObjectRules(
      Languages languages,
      Function<List<Sub>, Expr> compile,
      Function<List<Sub>, CharDfa> names,
      UnaryOperator<Expr> share) {
    this.languages = languages;
    this.compile = compile;
    this.names = names;
    this.share = share;
  }

  /** A named property. */
  private record Property(Expr expr, boolean isRequired) {}

  /** Names that match the same patterns. */
  private record NameClass(CharDfa names, Set<String> matched) {}

  Expr object(List<Sub> flats) {
    Members members = new Members(flats, languages);
    CharDfa allowed = allowedNames(flats);
    List<Property> properties = new ArrayList<>();
    for (String name : members.declared()) {
      boolean isRequired = members.required().contains(name);
      if (!members.absent().contains(name) && allowed.accepts(name)) {
        Expr value = compile.apply(members.subs(name));
        Expr key = Expr.text(JsonRules.quoted(name));
        properties.add(new Property(Expr.sequence(key, JsonRules.COLON, value), isRequired));
      } else if (isRequired) {
        return new Expr.Choice(List.of());
      }
    }
    Set<String> taken = new LinkedHashSet<>(members.declared());
    taken.addAll(members.absent());
    List<Expr> others = others(members, allowed, taken, flats);
    int min = flats.stream().mapToInt(f -> f.count("minProperties")).max().orElse(-1);
    int max =
        flats.stream().mapToInt(f -> f.count("maxProperties")).filter(n -> n >= 0).min().orElse(-1);
    min = Math.max(min, 0);
    // Names that are not in the schema might come twice, so only the first is sure to count.
    if (min > properties.size() + (others.isEmpty() ? 0 : 1)) {
      if (!others.isEmpty()) {
        throw ScalarRules.first(flats, "minProperties").unsupported("minProperties");
      }
      return new Expr.Choice(List.of());
    }
    Expr more = new Expr.Choice(others);
    boolean isCounted = min > 0 || max >= 0;
    int required = (int) properties.stream().filter(Property::isRequired).count();
    if (isCounted && (min > required || max >= 0)) {
      List<Property> shared =
          properties.stream()
              .map(p -> new Property(share.apply(p.expr()), p.isRequired()))
              .toList();
      return JsonRules.braces(counted(flats, shared, share.apply(more), min, max));
    }
    return JsonRules.braces(graph(properties, more));
  }

  /** State 2i expects property i or a later one, 2i + 1 follows a property before i. */
  private static Expr graph(List<Property> properties, Expr others) {
    List<Expr.Graph.Arc> arcs = new ArrayList<>();
    Set<Integer> finals = new HashSet<>();
    int n = properties.size();
    for (int i = n; i >= 0; i--) {
      arcs.add(new Expr.Graph.Arc(2 * i + 1, 2 * i, JsonRules.COMMA));
      if (i < n) {
        arcs.add(new Expr.Graph.Arc(2 * i, 2 * i + 3, properties.get(i).expr()));
        if (!properties.get(i).isRequired()) {
          arcs.add(new Expr.Graph.Arc(2 * i, 2 * i + 2, Expr.text("")));
        }
      }
    }
    arcs.add(new Expr.Graph.Arc(2 * n, 2 * n + 1, others));
    boolean mayEnd = true;
    for (int i = n; i >= 0 && mayEnd; i--) {
      finals.add(2 * i + 1);
      mayEnd = i > 0 && !properties.get(i - 1).isRequired();
    }
    boolean mayBeEmpty = properties.stream().noneMatch(Property::isRequired);
    Expr some = new Expr.Graph(2 * n + 2, arcs, finals);
    return mayBeEmpty ? Expr.optional(some) : some;
  }

  /** The same with a count of properties in each state. */
  private static Expr counted(
      List<Sub> flats, List<Property> properties, Expr others, int min, int max) {
    int n = properties.size();
    int cap = max >= 0 ? Math.min(max, MAX_STATES) : min;
    int width = cap + 1;
    if ((2L * n + 6) * width > MAX_STATES) {
      String keyword = max >= 0 ? "maxProperties" : "minProperties";
      throw ScalarRules.first(flats, keyword).unsupported(keyword);
    }
    // After the named properties comes a second pair of states: others have been seen.
    List<Expr.Graph.Arc> arcs = new ArrayList<>();
    Set<Integer> finals = new HashSet<>();
    for (int count = 0; count <= cap; count++) {
      int next = Math.min(count + 1, cap);
      boolean isFull = max >= 0 && count == max;
      for (int i = 0; i <= n + 1; i++) {
        int expecting = 2 * (i * width + count);
        int after = expecting + 1;
        if (!isFull) {
          arcs.add(new Expr.Graph.Arc(after, expecting, JsonRules.COMMA));
        }
        if (i < n && !isFull) {
          arcs.add(
              new Expr.Graph.Arc(
                  expecting, 2 * ((i + 1) * width + next) + 1, properties.get(i).expr()));
        }
        if (i < n && !properties.get(i).isRequired()) {
          arcs.add(new Expr.Graph.Arc(expecting, 2 * ((i + 1) * width + count), Expr.text("")));
        }
        // Of others only the first is sure to add to the number of different names.
        if (i >= n && !isFull) {
          int counts = max >= 0 || i == n ? next : count;
          arcs.add(new Expr.Graph.Arc(expecting, 2 * ((n + 1) * width + counts) + 1, others));
        }
        boolean isRequiredLeft =
            properties.subList(Math.min(i, n), n).stream().anyMatch(Property::isRequired);
        if (count >= min && !isRequiredLeft) {
          finals.add(after);
        }
      }
    }
    boolean mayBeEmpty = min == 0 && properties.stream().noneMatch(Property::isRequired);
    Expr some = new Expr.Graph(2 * (n + 2) * width, arcs, finals);
    return mayBeEmpty ? Expr.optional(some) : some;
  }

  private CharDfa allowedNames(List<Sub> flats) {
    CharDfa out = CharDfa.all();
    for (Sub flat : flats) {
      var schema = flat.get("propertyNames");
      if (schema != null) {
        out = out.intersect(names.apply(List.of(flat.child(schema, "propertyNames"))));
      }
    }
    return out;
  }

  /** What a property with a name that the schema doesn't mention looks like. */
  private List<Expr> others(Members members, CharDfa allowed, Set<String> taken, List<Sub> flats) {
    boolean isAny =
        taken.isEmpty()
            && members.patterns().isEmpty()
            && flats.stream().noneMatch(f -> f.has("propertyNames"));
    List<NameClass> classes = new ArrayList<>();
    classes.add(
        new NameClass(taken.isEmpty() ? allowed : allowed.minus(CharDfa.ofTexts(taken)), Set.of()));
    for (Map.Entry<String, CharDfa> pattern : members.patterns().entrySet()) {
      CharDfa without = languages.without(flats.getFirst(), "patternProperties", pattern.getKey());
      List<NameClass> split = new ArrayList<>();
      for (NameClass before : classes) {
        Set<String> matched = new LinkedHashSet<>(before.matched());
        matched.add(pattern.getKey());
        split.add(new NameClass(before.names().intersect(pattern.getValue()), matched));
        split.add(new NameClass(before.names().intersect(without), before.matched()));
      }
      split.removeIf(c -> c.names().isEmpty());
      if (split.size() > MAX_CLASSES) {
        throw ScalarRules.first(flats, "patternProperties").unsupported("patternProperties");
      }
      classes = split;
    }
    List<Expr> out = new ArrayList<>();
    for (NameClass names : classes) {
      if (members.isOpen() || !names.matched().isEmpty()) {
        Expr key = isAny ? JsonRules.STRING : JsonRules.string(names.names());
        Expr value = compile.apply(members.subsOfOthers(names.matched()));
        out.add(Expr.sequence(key, JsonRules.COLON, value));
      }
    }
    return out;
  }
}

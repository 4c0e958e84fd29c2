package dev.nearside.grammar.schema;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.GrammarException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which rules some text satisfies, and which rule is at fault where none does. */
final class Finishable {
  private static final int MAX_DEPTH = 600; // an automaton's rules are no deeper either

  private final Map<String, Expr> rules;
  private final Set<String> finishable = new HashSet<>();

  Finishable(Map<String, Expr> rules) {
    this.rules = rules;
    Map<String, Set<String>> users = new HashMap<>();
    rules.forEach((name, body) -> {
      for (String used : body.ruleNames()) {
        users.computeIfAbsent(used, key -> new LinkedHashSet<>()).add(name);
      }
    });
    // Rules after those that they use, so that most are looked at once; then again those whose
    // rules have changed.
    SequencedSet<String> todo = new LinkedHashSet<>(usedFirst());
    while (!todo.isEmpty()) {
      SequencedSet<String> again = new LinkedHashSet<>();
      for (String name : todo) {
        if (!finishable.contains(name) && is(rule(name))) {
          finishable.add(name);
          again.addAll(users.getOrDefault(name, Set.of()));
        }
      }
      again.removeAll(finishable);
      todo = again;
    }
  }

  private List<String> usedFirst() {
    List<String> out = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Deque<Iterator<String>> ways = new ArrayDeque<>();
    Deque<String> open = new ArrayDeque<>();
    ways.push(rules.keySet().iterator());
    while (!ways.isEmpty()) {
      if (ways.element().hasNext()) {
        String next = ways.element().next();
        if (rules.containsKey(next) && seen.add(next)) {
          open.push(next);
          ways.push(rule(next).ruleNames().iterator());
        }
      } else {
        ways.pop();
        if (!open.isEmpty()) {
          out.add(open.pop());
        }
      }
    }
    return out;
  }

  private Expr rule(String name) {
    return Objects.requireNonNull(rules.get(name), name);
  }

  /**
   * Whether some text satisfies the expression; a rule that is not known counts as satisfiable.
   *
   * @throws GrammarException when it is too deep
   */
  boolean is(Expr expr) {
    return is(expr, 0);
  }

  private boolean is(Expr expr, int depth) {
    if (depth > MAX_DEPTH) {
      throw GrammarException.tooLarge("levels of nesting", MAX_DEPTH);
    }
    return switch (expr) {
      case Expr.Text t -> true;
      case Expr.Token t -> true;
      case Expr.Distinct t -> true;
      case Expr.Chars chars -> !chars.set().isEmpty();
      case Expr.Language language -> !language.dfa().isEmpty();
      case Expr.JsonString string -> string.max() < 0 || string.min() <= string.max();
      case Expr.Rule(String name) -> finishable.contains(name) || !rules.containsKey(name);
      case Expr.Sequence(var parts) -> parts.stream().allMatch(part -> is(part, depth + 1));
      case Expr.Choice(var options) -> options.stream().anyMatch(part -> is(part, depth + 1));
      case Expr.Repeat repeat -> repeat.min() == 0 || is(repeat.body(), depth + 1);
      case Expr.Graph graph -> graph.isPassable(by -> is(by, depth + 1));
    };
  }

  /**
   * The rules on the way from one that no text satisfies to one that is at fault: each needs the
   * next. A circle ends where it began.
   */
  SequencedSet<String> blamed(String rule) {
    SequencedSet<String> way = new LinkedHashSet<>();
    for (String at = rule; at != null && !way.contains(at); at = needed(rule(at))) {
      way.add(at);
    }
    return way;
  }

  /** A rule without which there is no text; null where the expression itself is at fault. */
  private @Nullable String needed(Expr expr) {
    return switch (expr) {
      case Expr.Rule(String name) -> is(expr) ? null : name;
      case Expr.Sequence(var parts) -> firstNeeded(parts);
      case Expr.Choice(var options) -> firstNeeded(options);
      case Expr.Repeat repeat -> needed(repeat.body());
      case Expr.Graph graph ->
          firstNeeded(
              graph.arcs().stream()
                  .map(Expr.Graph.Arc::by)
                  .filter(by -> graph.isPassable(other -> other.equals(by) || is(other)))
                  .toList());
      default -> null;
    };
  }

  private @Nullable String firstNeeded(List<Expr> parts) {
    return parts.stream()
        .filter(part -> !is(part))
        .map(this::needed)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}

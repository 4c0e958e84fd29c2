package dev.nearside.grammar.schema;

import dev.nearside.grammar.Expr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which rules some text satisfies, and which rule is at fault where none does. */
final class Finishable {
  private final Map<String, Expr> rules;
  private final Set<String> finishable = new HashSet<>();

  /**
   * @param rules by name; those that refer to others come before them, for speed
   */
  Finishable(Map<String, Expr> rules) {
    this.rules = rules;
    List<String> last = new ArrayList<>(rules.keySet());
    Collections.reverse(last);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (String name : last) {
        if (!finishable.contains(name) && is(rule(name))) {
          changed = finishable.add(name);
        }
      }
    }
  }

  private Expr rule(String name) {
    return Objects.requireNonNull(rules.get(name), name);
  }

  /** Whether some text satisfies the expression; a rule that is not known counts as satisfiable. */
  boolean is(Expr expr) {
    return switch (expr) {
      case Expr.Text t -> true;
      case Expr.Token t -> true;
      case Expr.Distinct t -> true;
      case Expr.Chars chars -> !chars.set().isEmpty();
      case Expr.Language language -> !language.dfa().isEmpty();
      case Expr.JsonString string -> string.max() < 0 || string.min() <= string.max();
      case Expr.Rule(String name) -> finishable.contains(name) || !rules.containsKey(name);
      case Expr.Sequence(var parts) -> parts.stream().allMatch(this::is);
      case Expr.Choice(var options) -> options.stream().anyMatch(this::is);
      case Expr.Repeat repeat -> repeat.min() == 0 || is(repeat.body());
      case Expr.Graph graph -> graph.isPassable(this::is);
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

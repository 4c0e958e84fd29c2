package dev.nearside.grammar.automaton;

import dev.nearside.base.Fault;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.GrammarException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is to be known of the named rules before they are compiled: which are there, which can be
 * empty, which are better written into the rules that use them.
 */
final class RuleGraph {
  /** A rule smaller than this is copied into its users: fewer calls, more determinism. */
  private static final long INLINE_SIZE = 48;

  private static final long INLINE_SINGLE = 4_000;
  private static final int MAX_DEPTH = 600;

  private final Map<String, Expr> rules = new LinkedHashMap<>();
  private final Set<String> nullable = new HashSet<>();
  private final Map<String, Long> sizes = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Set<String> inlined = new HashSet<>();

  RuleGraph(Map<String, Expr> all, String root) {
    reachable(all, root);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<String, Expr> rule : rules.entrySet()) {
        if (!nullable.contains(rule.getKey()) && isNullable(rule.getValue())) {
          nullable.add(rule.getKey());
          changed = true;
        }
      }
    }
    decideInlining(root);
  }

  Map<String, Expr> rules() {
    return rules;
  }

  Expr rule(String name) {
    return Objects.requireNonNull(rules.get(name));
  }

  boolean isInlined(String name) {
    return inlined.contains(name);
  }

  boolean isNullableRule(String name) {
    return nullable.contains(name);
  }

  private void reachable(Map<String, Expr> all, String root) {
    Deque<String> todo = new ArrayDeque<>();
    todo.add(root);
    rules.put(root, defined(all, root));
    while (!todo.isEmpty()) {
      collect(rule(todo.remove()), all, todo, 0);
    }
  }

  private static Expr defined(Map<String, Expr> all, String name) {
    Expr body = all.get(name);
    if (body == null) {
      throw new GrammarException(Fault.of("undefined rule").got(name));
    }
    return body;
  }

  private void collect(Expr expr, Map<String, Expr> all, Deque<String> todo, int depth) {
    if (depth > MAX_DEPTH) {
      throw GrammarException.tooLarge("levels of nesting", MAX_DEPTH);
    }
    switch (expr) {
      case Expr.Rule(String name) -> {
        uses.merge(name, 1, Integer::sum);
        if (!rules.containsKey(name)) {
          rules.put(name, defined(all, name));
          todo.add(name);
        }
      }
      case Expr.Sequence(var parts) -> parts.forEach(p -> collect(p, all, todo, depth + 1));
      case Expr.Choice(var options) -> options.forEach(p -> collect(p, all, todo, depth + 1));
      case Expr.Repeat repeat -> collect(repeat.body(), all, todo, depth + 1);
      case Expr.Graph graph -> graph.arcs().forEach(a -> collect(a.by(), all, todo, depth + 1));
      case Expr.Text t -> {}
      case Expr.Chars t -> {}
      case Expr.Language t -> {}
      case Expr.JsonString t -> {}
      case Expr.Distinct t -> {}
      case Expr.Token t -> {}
    }
  }

  boolean isNullable(Expr expr) {
    return switch (expr) {
      case Expr.Text(String text) -> text.isEmpty();
      case Expr.Chars t -> false;
      case Expr.Language language -> language.dfa().isFinal(0);
      case Expr.JsonString t -> false;
      case Expr.Distinct t -> false;
      case Expr.Token t -> false;
      case Expr.Rule(String name) -> nullable.contains(name);
      case Expr.Sequence(var parts) -> parts.stream().allMatch(this::isNullable);
      case Expr.Choice(var options) -> options.stream().anyMatch(this::isNullable);
      case Expr.Repeat repeat -> repeat.min() == 0 || isNullable(repeat.body());
      case Expr.Graph graph -> graph.isPassable(this::isNullable);
    };
  }

  /** How many positions a copy of the expression needs, rules that are inlined written out. */
  long size(Expr expr) {
    long size =
        switch (expr) {
          case Expr.Text(String text) -> text.length();
          case Expr.Chars(var set) -> 1 + 2L * set.rangeCount();
          case Expr.Language language ->
              (long) language.dfa().stateCount() * Math.min(8, language.dfa().classCount());
          case Expr.JsonString t -> 1;
          case Expr.Distinct t -> INLINE_SINGLE + 1; // the list stays a rule
          case Expr.Token t -> 1;
          case Expr.Rule(String name) -> inlined.contains(name) ? ruleSize(name) : 1;
          case Expr.Sequence(var parts) -> 1 + parts.stream().mapToLong(this::size).sum();
          case Expr.Choice(var options) -> 1 + options.stream().mapToLong(this::size).sum();
          case Expr.Graph graph ->
              graph.size() + graph.arcs().stream().mapToLong(a -> size(a.by())).sum();
          case Expr.Repeat repeat -> {
            long copies = Math.max(1, repeat.max() < 0 ? repeat.min() + 1L : (long) repeat.max());
            long body = size(repeat.body());
            yield copies * body > GrammarCompiler.COUNTED_SIZE ? 2 : 1 + copies * body;
          }
        };
    return Math.min(size, 1L << 40);
  }

  private long ruleSize(String name) {
    Long known = sizes.get(name);
    if (known == null) {
      known = size(rule(name));
      sizes.put(name, known);
    }
    return known;
  }

  /** Callees before callers, so that sizes are known; rules on a cycle stay rules. */
  private void decideInlining(String root) {
    Map<String, Integer> marks = new HashMap<>();
    Set<String> cyclic = new HashSet<>();
    Deque<String> order = new ArrayDeque<>();
    Deque<String> stack = new ArrayDeque<>();
    stack.push(root);
    while (!stack.isEmpty()) {
      String name = stack.peek();
      int mark = marks.getOrDefault(name, 0);
      if (mark != 0) {
        stack.pop();
        if (mark == 1) {
          marks.put(name, 2);
          order.add(name);
        }
        continue;
      }
      marks.put(name, 1);
      for (String callee : rule(name).ruleNames()) {
        int its = marks.getOrDefault(callee, 0);
        if (its == 0) {
          stack.push(callee);
        } else if (its == 1) {
          cyclic.add(callee);
        }
      }
    }
    for (String name : order) {
      long limit = uses.getOrDefault(name, 0) == 1 ? INLINE_SINGLE : INLINE_SIZE;
      if (!name.equals(root) && !cyclic.contains(name) && ruleSize(name) <= limit) {
        inlined.add(name);
      }
    }
  }
}

package dev.nearside.grammar;

import dev.nearside.grammar.schema.JsonRules;
import dev.nearside.grammar.schema.SchemaCompiler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives the rules of a schema names of their own, so that several fit into one grammar. */
final class RuleNames {
  private final String name;
  private final Set<String> shared = JsonRules.rules().keySet();

  private RuleNames(String name) {
    this.name = name;
  }

  /** The rules with their root renamed to {@code name} and the others put under it. */
  static Map<String, Expr> under(String name, Map<String, Expr> rules) {
    RuleNames names = new RuleNames(name);
    Map<String, Expr> renamed = new LinkedHashMap<>();
    rules.forEach((rule, body) -> renamed.put(names.of(rule), names.in(body)));
    return renamed;
  }

  // The rules of JSON itself are the same for all.
  private String of(String rule) {
    if (shared.contains(rule)) {
      return rule;
    }
    return rule.equals(SchemaCompiler.ROOT) ? name : name + "/" + rule;
  }

  private Expr.Graph.Arc in(Expr.Graph.Arc arc) {
    return new Expr.Graph.Arc(arc.from(), arc.to(), in(arc.by()));
  }

  private Expr in(Expr expr) {
    return switch (expr) {
      case Expr.Rule(String rule) -> new Expr.Rule(of(rule));
      case Expr.Sequence(List<Expr> parts) ->
          new Expr.Sequence(parts.stream().map(this::in).toList());
      case Expr.Choice(List<Expr> options) ->
          new Expr.Choice(options.stream().map(this::in).toList());
      case Expr.Repeat(Expr body, int min, int max) -> new Expr.Repeat(in(body), min, max);
      case Expr.Graph(int size, List<Expr.Graph.Arc> arcs, Set<Integer> finals) ->
          new Expr.Graph(size, arcs.stream().map(arc -> in(arc)).toList(), finals);
      case Expr.Text text -> text;
      case Expr.Chars chars -> chars;
      case Expr.Language language -> language;
      case Expr.JsonString string -> string;
      case Expr.Token token -> token;
    };
  }
}

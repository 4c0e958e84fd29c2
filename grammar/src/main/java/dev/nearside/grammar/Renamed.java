package dev.nearside.grammar;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Rules under other names, so that several sets of rules fit into one grammar. */
final class Renamed {
  private Renamed() {}

  /** All rules, and what they refer to, by their new names. */
  static Map<String, Expr> rules(Map<String, Expr> rules, UnaryOperator<String> name) {
    Map<String, Expr> out = new LinkedHashMap<>();
    rules.forEach((key, body) -> out.put(name.apply(key), expr(body, name)));
    return out;
  }

  private static Expr expr(Expr body, UnaryOperator<String> name) {
    return switch (body) {
      case Expr.Rule(String rule) -> new Expr.Rule(name.apply(rule));
      case Expr.Sequence(List<Expr> parts) -> new Expr.Sequence(all(parts, name));
      case Expr.Choice(List<Expr> options) -> new Expr.Choice(all(options, name));
      case Expr.Repeat(Expr repeated, int min, int max) ->
          new Expr.Repeat(expr(repeated, name), min, max);
      case Expr.Graph graph ->
          new Expr.Graph(
              graph.size(),
              graph.arcs().stream()
                  .map(arc -> new Expr.Graph.Arc(arc.from(), arc.to(), expr(arc.by(), name)))
                  .toList(),
              graph.finals());
      case Expr.Text t -> t;
      case Expr.Chars c -> c;
      case Expr.Language l -> l;
      case Expr.JsonString s -> s;
      case Expr.Distinct d -> d;
      case Expr.Token t -> t;
    };
  }

  private static List<Expr> all(List<Expr> parts, UnaryOperator<String> name) {
    return parts.stream().map(part -> expr(part, name)).toList();
  }
}

package dev.nearside.grammar.schema;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.SchemaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Refuses a schema that nothing satisfies, and names a keyword without which something would. */
final class Contradiction {
  private static final int MOST_TRIES = 64;
  private static final long MOST_NANOS = 500_000_000; // a hint is not worth more

  private final Map<String, List<Sub>> schemas;
  private final Function<List<Sub>, Expr> compile;
  private int tries;
  private long end;

  /**
   * @param schemas what must hold in each rule
   * @param compile the body of a rule
   */
  Contradiction(Map<String, List<Sub>> schemas, Function<List<Sub>, Expr> compile) {
    this.schemas = schemas;
    this.compile = compile;
  }

  /**
   * Looks whether some text satisfies a rule.
   *
   * @param root what the rule describes
   * @throws SchemaException where none does
   */
  void check(Map<String, Expr> rules, String rule, Sub root) {
    Finishable finishable = new Finishable(new LinkedHashMap<>(rules));
    if (finishable.is(Expr.rule(rule))) {
      return;
    }
    end = System.nanoTime() + MOST_NANOS;
    String what = "no instance satisfies the schema";
    for (String blamed : finishable.blamed(rule).reversed()) {
      List<Sub> subs = schemas.getOrDefault(blamed, List.of());
      for (Sub sub : subs) {
        String keyword = keyword(sub, subs, finishable);
        if (keyword != null) {
          throw sub.fault(what, keyword);
        }
      }
    }
    throw root.fault(what, "");
  }

  private @Nullable String keyword(Sub sub, List<Sub> subs, Finishable finishable) {
    if (!(sub.node() instanceof ObjectNode node)) {
      return null;
    }
    // The limits are named rather than the schemas that they limit.
    List<String> keywords = new ArrayList<>(node.propertyNames());
    keywords.sort((a, b) -> Boolean.compare(hasParts(node.get(a)), hasParts(node.get(b))));
    for (String keyword : keywords) {
      if (++tries > MOST_TRIES || System.nanoTime() - end > 0) {
        return null;
      }
      Sub without =
          new Sub(
              node.deepCopy().without(keyword),
              sub.pointer(),
              sub.base(),
              sub.isNegated(),
              sub.owners());
      List<Sub> others = new ArrayList<>(subs);
      others.set(others.indexOf(sub), without);
      try {
        if (finishable.is(compile.apply(others))) {
          return keyword;
        }
      } catch (GrammarException e) {
        // Without this keyword another one is refused, so this is not the one.
      }
    }
    return null;
  }

  private static boolean hasParts(JsonNode value) {
    return value.isObject() || value.valueStream().anyMatch(JsonNode::isContainer);
  }
}

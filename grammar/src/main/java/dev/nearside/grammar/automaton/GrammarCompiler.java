package dev.nearside.grammar.automaton;

import dev.nearside.base.Fault;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.text.CharDfa;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles named rules to an {@link Automaton}. */
public final class GrammarCompiler {
  /** Repetitions larger than this count instead of being written out. */
  static final int COUNTED_SIZE = 400;

  private static final int MAX_DEPTH = 600;

  /** A rule on its way: what it is made from, then its own nondeterministic automaton. */
  private record Draft(String name, Nfa nfa, int start, int end, Expr source) {}

  private final RuleGraph graph;
  private final Map<Expr, Integer> ids = new HashMap<>();
  private final List<Draft> drafts = new ArrayList<>();
  private final List<Automaton.Symbol> symbols = new ArrayList<>();
  private int depth;

  private GrammarCompiler(RuleGraph graph) {
    this.graph = graph;
  }

  /**
   * The automaton of {@code root}.
   *
   * @throws GrammarException where a rule is undefined, left-recursive or can't be finished, or the
   *     automaton would be too large
   */
  public static Automaton compile(Map<String, Expr> rules, String root) {
    RuleGraph graph = new RuleGraph(rules, root);
    return new GrammarCompiler(graph).compile(root);
  }

  private Automaton compile(String root) {
    int rootId = id(new Expr.Rule(root));
    for (int i = 0; i < drafts.size(); i++) {
      draft(drafts.get(i));
    }
    ByteClasses classes = ByteClasses.of(drafts.stream().map(Draft::nfa).toList());
    RuleTable table = new RuleTable(classes, drafts.size(), symbols);
    for (int i = 0; i < drafts.size(); i++) {
      determinise(table, i, drafts.get(i));
    }
    return Completion.complete(table, rootId, graph.isNullableRule(root));
  }

  /** The number of a rule: named, counted string, or counted repetition. */
  private int id(Expr expr) {
    Integer known = ids.get(expr);
    if (known != null) {
      return known;
    }
    int id = drafts.size();
    ids.put(expr, id);
    Nfa nfa = new Nfa();
    String name = expr instanceof Expr.Rule(String given) ? given : expr.getClass().getSimpleName();
    drafts.add(new Draft(name, nfa, nfa.state(), nfa.state(), expr));
    return id;
  }

  private void draft(Draft draft) {
    switch (draft.source()) {
      case Expr.Rule(String name) -> add(draft.nfa(), graph.rule(name), draft.start(), draft.end());
      case Expr.JsonString string -> {
        int inside = draft.nfa().state();
        draft.nfa().bytes(draft.start(), '"', '"', inside);
        add(draft.nfa(), JsonText.character(), inside, inside);
        draft.nfa().bytes(inside, '"', '"', draft.end());
      }
      case Expr.Repeat repeat -> {
        // A body that can be empty may be left out as often as one likes.
        draft.nfa().call(draft.start(), bodyRule(repeat.body()), draft.end());
        draft.nfa().call(draft.end(), bodyRule(repeat.body()), draft.end());
      }
      case Expr.Distinct(CharDfa texts, int most) ->
          language(draft.nfa(), texts, false, draft.start(), draft.end());
      default -> add(draft.nfa(), draft.source(), draft.start(), draft.end());
    }
  }

  private int bodyRule(Expr body) {
    return id(body);
  }

  private void determinise(RuleTable table, int id, Draft draft) {
    int start = new Subsets(table, id, draft.nfa(), draft.end()).start(draft.start());
    int min = 0;
    int loopRule = -1;
    int stringMax = Automaton.NO_STRING;
    int most = draft.source() instanceof Expr.Distinct distinct ? distinct.most() : 0;
    switch (draft.source()) {
      case Expr.JsonString(int least, int longest) -> {
        min = least;
        stringMax = longest;
        if (least > 0 || longest >= 0) {
          count(table, start, least, longest);
        }
      }
      case Expr.Repeat repeat -> {
        min = graph.isNullable(repeat.body()) ? 0 : repeat.min();
        loopRule = id(repeat.body());
        int below = repeat.max() < 0 ? Integer.MAX_VALUE : repeat.max();
        int[] first = java.util.Objects.requireNonNull(table.calls.get(start));
        int loop = first[1];
        table.calls.set(start, new int[] {loopRule, loop, below, 1});
        table.calls.set(loop, new int[] {loopRule, loop, below, 1});
        table.finalAtLeast.set(loop, min);
      }
      default -> {}
    }
    table.rule(id, new Automaton.Rule(draft.name(), start, 0, min, loopRule, stringMax, most));
  }

  /** Lets a JSON string count its characters, each at its first byte. */
  private static void count(RuleTable table, int start, int min, int max) {
    int quote = table.classes.of('"');
    int inside = table.get(start, quote);
    for (int c = 0; c < table.classes.count(); c++) {
      if (table.get(inside, c) != Automaton.NONE) {
        if (c == quote) {
          table.guard(inside, c, Integer.MAX_VALUE, min, 0);
        } else {
          table.guard(inside, c, max < 0 ? Integer.MAX_VALUE : max, 0, 1);
        }
      }
    }
  }

  /** Adds {@code expr} between two states. */
  private void add(Nfa nfa, Expr expr, int from, int to) {
    if (++depth > MAX_DEPTH) {
      throw GrammarException.tooLarge("levels of nesting", MAX_DEPTH);
    }
    switch (expr) {
      case Expr.Text(String text) -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = from;
        for (int i = 0; i < bytes.length; i++) {
          int next = i + 1 == bytes.length ? to : nfa.state();
          nfa.bytes(at, bytes[i] & 0xFF, bytes[i] & 0xFF, next);
          at = next;
        }
        if (bytes.length == 0) {
          nfa.epsilon(from, to);
        }
      }
      case Expr.Chars(var set) -> new Utf8Edges(nfa).add(from, set, to);
      case Expr.Language(CharDfa dfa, boolean isJson) -> language(nfa, dfa, isJson, from, to);
      case Expr.JsonString string -> nfa.call(from, id(string), to);
      case Expr.Distinct distinct -> nfa.call(from, id(distinct), to);
      case Expr.Sequence(var parts) -> {
        int at = from;
        for (int i = 0; i < parts.size(); i++) {
          int next = i + 1 == parts.size() ? to : nfa.state();
          add(nfa, parts.get(i), at, next);
          at = next;
        }
        if (parts.isEmpty()) {
          nfa.epsilon(from, to);
        }
      }
      case Expr.Choice(var options) -> options.forEach(option -> add(nfa, option, from, to));
      case Expr.Repeat repeat -> repeat(nfa, repeat, from, to);
      case Expr.Graph(int size, var arcs, var finals) -> {
        int first = nfa.state();
        for (int i = 1; i < size; i++) {
          nfa.state();
        }
        nfa.epsilon(from, first);
        arcs.forEach(arc -> add(nfa, arc.by(), first + arc.from(), first + arc.to()));
        finals.forEach(last -> nfa.epsilon(first + last, to));
      }
      case Expr.Rule rule -> {
        if (graph.isInlined(rule.name())) {
          add(nfa, graph.rule(rule.name()), from, to);
        } else {
          nfa.call(from, id(rule), to);
          if (graph.isNullableRule(rule.name())) {
            nfa.epsilon(from, to);
          }
        }
      }
      case Expr.Token(String reference, boolean isNegated) ->
          nfa.token(from, symbol(new Automaton.Symbol(reference, isNegated)), to);
    }
    depth--;
  }

  private int symbol(Automaton.Symbol symbol) {
    int known = symbols.indexOf(symbol);
    if (known >= 0) {
      return known;
    }
    symbols.add(symbol);
    return symbols.size() - 1;
  }

  private static void language(Nfa nfa, CharDfa dfa, boolean isJson, int from, int to) {
    int[] states = new int[dfa.stateCount()];
    for (int s = 0; s < states.length; s++) {
      states[s] = nfa.state();
    }
    nfa.epsilon(from, states[0]);
    Utf8Edges edges = new Utf8Edges(nfa);
    for (int s = 0; s < states.length; s++) {
      edges.add(dfa, s, states, isJson);
      if (dfa.isFinal(s)) {
        nfa.epsilon(states[s], to);
      }
    }
  }

  private void repeat(Nfa nfa, Expr.Repeat repeat, int from, int to) {
    Expr body = repeat.body();
    int min = repeat.min();
    int max = repeat.max();
    long copies = max < 0 ? min : max;
    if (copies > 1 && copies * graph.size(body) > COUNTED_SIZE) {
      nfa.call(from, id(repeat), to);
      if (graph.isNullable(repeat)) {
        nfa.epsilon(from, to);
      }
      return;
    }
    int at = from;
    for (int i = 0; i < min; i++) {
      int next = nfa.state();
      add(nfa, body, at, next);
      at = next;
    }
    if (max < 0) {
      int loop = nfa.state();
      nfa.epsilon(at, loop);
      add(nfa, body, loop, loop);
      nfa.epsilon(loop, to);
      return;
    }
    for (int i = min; i < max; i++) {
      nfa.epsilon(at, to);
      int next = nfa.state();
      add(nfa, body, at, next);
      at = next;
    }
    nfa.epsilon(at, to);
  }

  static GrammarException unfinishable(String rule) {
    return new GrammarException(Fault.of("no text satisfies the grammar").where("rule " + rule));
  }
}

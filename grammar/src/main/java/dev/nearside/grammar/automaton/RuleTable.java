package dev.nearside.grammar.automaton;

import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.text.IntList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The automaton while it is being built: growing tables of states and rules. */
final class RuleTable {
  static final int MAX_STATES = 100_000;
  static final int MAX_CELLS = 12_000_000;

  final ByteClasses classes;
  final IntList next = new IntList();
  final List<Automaton.Guarded> guarded = new ArrayList<>();
  final IntList finalAtLeast = new IntList();
  final List<int @Nullable []> calls = new ArrayList<>();
  final List<int @Nullable []> tokens = new ArrayList<>();
  final IntList ruleOf = new IntList();
  final List<Automaton.Symbol> symbols;
  private final Automaton.@Nullable Rule[] rules;

  RuleTable(ByteClasses classes, int ruleCount, List<Automaton.Symbol> symbols) {
    this.classes = classes;
    this.symbols = symbols;
    rules = new Automaton.Rule[ruleCount];
  }

  int state(int rule) {
    int id = finalAtLeast.size();
    if (id >= MAX_STATES) {
      throw GrammarException.tooLarge("states", MAX_STATES);
    }
    if ((long) (id + 1) * classes.count() > MAX_CELLS) {
      throw GrammarException.tooLarge("transitions", MAX_CELLS);
    }
    finalAtLeast.add(-1);
    calls.add(null);
    tokens.add(null);
    ruleOf.add(rule);
    for (int c = 0; c < classes.count(); c++) {
      next.add(Automaton.NONE);
    }
    return id;
  }

  int get(int state, int byteClass) {
    return next.get(state * classes.count() + byteClass);
  }

  void set(int state, int byteClass, int target) {
    next.set(state * classes.count() + byteClass, target);
  }

  /** The state that an entry of {@link #next} leads to, or -1. */
  int target(int entry) {
    return entry >= -1 ? entry : guarded.get(-2 - entry).target();
  }

  /** Puts a condition on an edge. */
  void guard(int state, int byteClass, int below, int atLeast, int inc) {
    int target = get(state, byteClass);
    guarded.add(new Automaton.Guarded(target, below, atLeast, inc));
    set(state, byteClass, -2 - (guarded.size() - 1));
  }

  void rule(int id, Automaton.Rule rule) {
    rules[id] = rule;
  }

  Automaton.Rule rule(int id) {
    return java.util.Objects.requireNonNull(rules[id]);
  }

  int ruleCount() {
    return rules.length;
  }

  Automaton.Rule[] rules() {
    Automaton.Rule[] out = new Automaton.Rule[rules.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = rule(i);
    }
    return out;
  }
}

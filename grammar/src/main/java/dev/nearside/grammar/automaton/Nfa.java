package dev.nearside.grammar.automaton;

import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.text.IntList;
import java.util.ArrayList;
import java.util.List;

/** The body of one rule before it is made deterministic: edges over bytes, rules and tokens. */
final class Nfa {
  static final int MAX_STATES = 400_000;

  enum Kind {
    EPSILON,
    /** bytes a to b */
    BYTES,
    /** rule a */
    CALL,
    /** token symbol a */
    TOKEN
  }

  private final List<Kind> kinds = new ArrayList<>();
  private final IntList a = new IntList();
  private final IntList b = new IntList();
  private final IntList targets = new IntList();
  private final IntList nextEdge = new IntList();
  private final IntList firstEdge = new IntList();

  int state() {
    if (firstEdge.size() >= MAX_STATES) {
      throw GrammarException.tooLarge("positions of a rule", MAX_STATES);
    }
    firstEdge.add(-1);
    return firstEdge.size() - 1;
  }

  int stateCount() {
    return firstEdge.size();
  }

  void epsilon(int from, int to) {
    edge(from, Kind.EPSILON, 0, 0, to);
  }

  void bytes(int from, int low, int high, int to) {
    edge(from, Kind.BYTES, low, high, to);
  }

  void call(int from, int rule, int to) {
    edge(from, Kind.CALL, rule, 0, to);
  }

  void token(int from, int symbol, int to) {
    edge(from, Kind.TOKEN, symbol, 0, to);
  }

  private void edge(int from, Kind kind, int x, int y, int to) {
    kinds.add(kind);
    a.add(x);
    b.add(y);
    targets.add(to);
    nextEdge.add(firstEdge.get(from));
    firstEdge.set(from, kinds.size() - 1);
  }

  /** The first edge of a state, or -1. */
  int first(int state) {
    return firstEdge.get(state);
  }

  /** The edge after {@code edge} of the same state, or -1. */
  int next(int edge) {
    return nextEdge.get(edge);
  }

  int edgeCount() {
    return kinds.size();
  }

  Kind kind(int edge) {
    return kinds.get(edge);
  }

  int a(int edge) {
    return a.get(edge);
  }

  int b(int edge) {
    return b.get(edge);
  }

  int target(int edge) {
    return targets.get(edge);
  }
}

package dev.nearside.grammar.automaton;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grammar as an automaton over bytes with a stack: one deterministic automaton per rule, whose
 * edges are bytes, calls of other rules, and single tokens. Calls always consume at least one byte
 * or token. Immutable and complete: from every state that is reached, some text can be finished.
 */
public final class Automaton {
  /** No edge. */
  static final int NONE = -1;

  /** Ints per call: rule, state after it, the count must be below, what is added to the count. */
  static final int CALL_WIDTH = 4;

  /**
   * An edge that asks or changes the count of its rule.
   *
   * @param below the count must be less
   * @param atLeast the count must not be less
   * @param inc added to the count
   */
  record Guarded(int target, int below, int atLeast, int inc) {}

  /**
   * One token as a symbol.
   *
   * @param reference text of the token, or {@code [id]}
   */
  public record Symbol(String reference, boolean isNegated) {}

  /**
   * What a rule is besides its states.
   *
   * @param start its first state; never final, an empty match is the caller's business
   * @param rank a rule that is called at the start of another has a higher rank
   * @param min the count below which it can't end; 0 for rules that don't count
   * @param loopRule the rule whose text adds one to the count, or -1
   * @param stringMax the most characters where the rule is a JSON string, -1 for no limit; {@link
   *     #NO_STRING} for other rules
   * @param mostDistinct how many texts of it a list has at most, which must all differ; 0 for other
   *     rules
   */
  record Rule(
      String name, int start, int rank, int min, int loopRule, int stringMax, int mostDistinct) {
    boolean isString() {
      return stringMax != NO_STRING;
    }
  }

  static final int NO_STRING = -2;

  final byte[] classOf; // (256) class of each byte
  final int classCount;
  final int[] next; // (states, classes) a state, NONE, or -2 - index of a guarded edge
  final Guarded[] guarded;
  final int[] finalAtLeast; // (states) the count that is enough to end here; -1: no end
  final int[] @Nullable [] calls; // (states) CALL_WIDTH ints per call
  final int[] @Nullable [] tokens; // (states) symbol and target in turn
  final int[] ruleOf; // (states)
  final Rule[] rules;
  final List<Symbol> symbols;
  final int root;
  final boolean acceptsEmpty;
  final boolean[] hasInput; // (states) whether a byte or a token may come
  final boolean[] isSimple; // (states) has input, no call, no end
  final boolean[] isPureEnd; // (states) an end without conditions, and nothing else
  final int maxHeight;
  final @Nullable Distinct[] distinct; // (rules) of those whose texts must differ
  final int[] heights; // (states) how much stack the flattest way to the rule's end needs

  Automaton(RuleTable table, int root, boolean acceptsEmpty, int[] heights) {
    classOf = table.classes.classOf();
    classCount = table.classes.count();
    next = table.next.toArray();
    guarded = table.guarded.toArray(Guarded[]::new);
    finalAtLeast = table.finalAtLeast.toArray();
    int states = finalAtLeast.length;
    calls = table.calls.toArray(int[][]::new);
    tokens = table.tokens.toArray(int[][]::new);
    ruleOf = table.ruleOf.toArray();
    rules = table.rules();
    symbols = List.copyOf(table.symbols);
    this.root = root;
    this.acceptsEmpty = acceptsEmpty;
    this.heights = heights;
    distinct = new Distinct[rules.length];
    int highest = 0;
    for (int height : heights) {
      highest = height < Shortest.INFINITE ? Math.max(highest, height) : highest;
    }
    maxHeight = highest;
    hasInput = new boolean[states];
    isSimple = new boolean[states];
    isPureEnd = new boolean[states];
    for (int s = 0; s < states; s++) {
      boolean hasBytes = false;
      for (int c = 0; c < classCount && !hasBytes; c++) {
        hasBytes = next[s * classCount + c] != NONE;
      }
      hasInput[s] = hasBytes || tokens[s] != null;
      isSimple[s] = hasInput[s] && calls[s] == null && finalAtLeast[s] < 0;
      isPureEnd[s] = !hasInput[s] && calls[s] == null && finalAtLeast[s] == 0;
    }
  }

  /** Whether the rule's texts must differ; then what is known of them. */
  @Nullable Distinct distinct(int rule) {
    Distinct known = distinct[rule];
    if (known == null && rules[rule].mostDistinct() > 0) {
      known = new Distinct(this, rule, rules[rule].mostDistinct());
      distinct[rule] = known;
    }
    return known;
  }

  public int stateCount() {
    return finalAtLeast.length;
  }

  public List<Symbol> symbols() {
    return symbols;
  }

  /** The state after a byte, whatever conditions there are; the byte must be possible. */
  int guardedTarget(int state, int unsignedByte) {
    int entry = next[state * classCount + (classOf[unsignedByte] & 0xFF)];
    return entry >= 0 ? entry : guarded[-2 - entry].target();
  }

  /** The symbol numbers that may come at {@code state}, or null. */
  int @Nullable [] tokenEdges(int state) {
    return tokens[state];
  }
}

package dev.nearside.grammar.automaton;

import dev.nearside.grammar.text.IntList;
import java.util.Arrays;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The cheapest way from each state to the end of its rule, calls included: Knuth's generalisation
 * of Dijkstra's algorithm (Information Processing Letters 6, 1977) to grammars.
 */
public final class Shortest {
  /** No way at all; sums of a few of these don't overflow. */
  public static final int INFINITE = 1 << 28;

  static final int BY_END = -1;
  static final int BY_NOTHING = -2;

  /** What a call costs. */
  private enum Measure {
    /** bytes: callee plus what follows */
    SUM,
    /** levels of stack: the higher of one more than the callee's and what follows */
    HEIGHT
  }

  private final Automaton automaton;
  private final Measure measure;
  private final int[] byteWeights;
  private final int tokenWeight;

  /** (states) the cost to the end of the rule, what a count still needs left out. */
  final int[] cost;

  /** (states) how the cheapest way begins: a byte, BY_END, BY_NOTHING, or see byCall, byToken. */
  final int[] first;

  /** (rules) the cost of the whole rule. */
  final int[] ruleCost;

  /** (rules) what one more of the rule's count costs. */
  final int[] loopCost;

  /** States in the order in which their costs were found, so successors come first. */
  final IntList order = new IntList();

  private final PriorityQueue<long[]> queue =
      new PriorityQueue<>(
          (x, y) -> x[0] != y[0] ? Long.compare(x[0], y[0]) : Long.compare(x[1], y[1]));
  private final boolean[] isDone;

  private Shortest(Automaton automaton, Measure measure, int[] byteWeights, int tokenWeight) {
    this.automaton = automaton;
    this.measure = measure;
    this.byteWeights = byteWeights;
    this.tokenWeight = tokenWeight;
    int states = automaton.stateCount();
    cost = new int[states];
    first = new int[states];
    isDone = new boolean[states];
    ruleCost = new int[automaton.rules.length];
    loopCost = new int[automaton.rules.length];
    Arrays.fill(cost, INFINITE);
    Arrays.fill(first, BY_NOTHING);
    Arrays.fill(ruleCost, INFINITE);
    solve();
  }

  /** Costs where byte b weighs {@code byteWeights[b]} and a token edge {@code tokenWeight}. */
  static Shortest cost(Automaton automaton, int[] byteWeights, int tokenWeight) {
    return new Shortest(automaton, Measure.SUM, byteWeights, tokenWeight);
  }

  /** How much stack the flattest way needs. */
  static Shortest height(Automaton automaton) {
    return new Shortest(automaton, Measure.HEIGHT, new int[256], 0);
  }

  private static int byCall(int index) {
    return -3 - 2 * index;
  }

  private static int byToken(int index) {
    return -4 - 2 * index;
  }

  /** The index into the state's calls, or -1 where the way doesn't begin with a call. */
  static int callIndex(int by) {
    return by <= -3 && (by & 1) != 0 ? (-3 - by) / 2 : -1;
  }

  /** The index into the state's token edges, or -1. */
  static int tokenIndex(int by) {
    return by <= -4 && (by & 1) == 0 ? (-4 - by) / 2 : -1;
  }

  private void solve() {
    int states = automaton.stateCount();
    int[] classByte = cheapestBytes();
    @Nullable IntList[] predecessors = new IntList[states];
    @Nullable IntList[] callsByTarget = new IntList[states];
    @Nullable IntList[] callsByRule = new IntList[automaton.rules.length];
    for (int s = 0; s < states; s++) {
      Automaton.Rule rule = automaton.rules[automaton.ruleOf[s]];
      if (automaton.finalAtLeast[s] >= 0) {
        offer(s, 0, BY_END);
      }
      edges(s, classByte, predecessors);
      int[] calls = automaton.calls[s];
      // A counted repetition is its own formula: see finishRule.
      for (int i = 0; calls != null && i < calls.length; i += Automaton.CALL_WIDTH) {
        list(callsByRule, calls[i]).add(s);
        list(callsByRule, calls[i]).add(i);
        if (rule.loopRule() < 0) {
          list(callsByTarget, calls[i + 1]).add(s);
          list(callsByTarget, calls[i + 1]).add(i);
        }
      }
    }
    while (!queue.isEmpty()) {
      int state = (int) queue.remove()[1];
      if (isDone[state]) {
        continue;
      }
      isDone[state] = true;
      order.add(state);
      IntList before = predecessors[state];
      for (int i = 0; before != null && i < before.size(); i += 3) {
        offer(before.get(i), cost[state] + before.get(i + 1), before.get(i + 2));
      }
      IntList returning = callsByTarget[state];
      for (int i = 0; returning != null && i < returning.size(); i += 2) {
        call(returning.get(i), returning.get(i + 1));
      }
      Automaton.Rule rule = automaton.rules[automaton.ruleOf[state]];
      if (state == rule.start()) {
        finishRule(automaton.ruleOf[state], callsByRule);
      }
    }
  }

  private void edges(int s, int[] classByte, @Nullable IntList[] predecessors) {
    int classes = automaton.classCount;
    for (int c = 0; c < classes; c++) {
      int entry = automaton.next[s * classes + c];
      if (entry != Automaton.NONE) {
        int target = entry >= 0 ? entry : automaton.guarded[-2 - entry].target();
        IntList list = list(predecessors, target);
        int last = list.size() - 3;
        boolean isRepeated = last >= 0 && list.get(last) == s;
        int weight = byteWeights[classByte[c]];
        if (!isRepeated) {
          list.addAll(new int[] {s, weight, classByte[c]});
        } else if (weight < list.get(last + 1)) {
          list.set(last + 1, weight);
          list.set(last + 2, classByte[c]);
        }
      }
    }
    int[] tokens = automaton.tokens[s];
    for (int i = 0; tokens != null && i < tokens.length; i += 2) {
      list(predecessors, tokens[i + 1]).addAll(new int[] {s, tokenWeight, byToken(i)});
    }
  }

  /** The cheapest byte of each class. */
  private int[] cheapestBytes() {
    int[] out = new int[automaton.classCount];
    Arrays.fill(out, -1);
    for (int b = 0; b < 256; b++) {
      int c = automaton.classOf[b] & 0xFF;
      if (out[c] < 0 || byteWeights[b] < byteWeights[out[c]]) {
        out[c] = b;
      }
    }
    return out;
  }

  private static IntList list(@Nullable IntList[] lists, int index) {
    IntList list = lists[index];
    if (list == null) {
      list = new IntList();
      lists[index] = list;
    }
    return list;
  }

  private void offer(int state, int value, int by) {
    if (!isDone[state] && value < cost[state]) {
      cost[state] = value;
      first[state] = by;
      queue.add(new long[] {value, state});
    }
  }

  private void call(int state, int index) {
    int[] calls = java.util.Objects.requireNonNull(automaton.calls[state]);
    int callee = calls[index];
    int after = calls[index + 1];
    Automaton.Rule own = automaton.rules[automaton.ruleOf[state]];
    if (ruleCost[callee] >= INFINITE) {
      return;
    }
    if (own.loopRule() >= 0) {
      // The first of a counted repetition; the others are in its loop cost.
      if (state == own.start()) {
        int once = measure == Measure.HEIGHT ? 1 + ruleCost[callee] : ruleCost[callee];
        offer(state, own.min() == 0 || measure == Measure.HEIGHT ? once : 0, byCall(index));
      }
      return;
    }
    if (isDone[after]) {
      int value =
          measure == Measure.HEIGHT
              ? Math.max(1 + ruleCost[callee], cost[after])
              : ruleCost[callee] + cost[after];
      offer(state, value, byCall(index));
    }
  }

  private void finishRule(int id, @Nullable IntList[] callsByRule) {
    Automaton.Rule rule = automaton.rules[id];
    if (measure == Measure.HEIGHT) {
      ruleCost[id] = cost[rule.start()];
    } else {
      if (rule.isString()) {
        loopCost[id] = cheapestCharacter();
      } else if (rule.loopRule() >= 0) {
        loopCost[id] = ruleCost[rule.loopRule()];
      }
      long whole = cost[rule.start()] + (long) rule.min() * loopCost[id];
      Distinct distinct = automaton.distinct(id);
      if (distinct != null && whole < INFINITE) {
        // The cheapest texts may be taken already.
        whole = distinct.worstLength;
      }
      ruleCost[id] = (int) Math.min(whole, INFINITE);
    }
    IntList callers = callsByRule[id];
    for (int i = 0; callers != null && i < callers.size(); i += 2) {
      call(callers.get(i), callers.get(i + 1));
    }
  }

  private int cheapestCharacter() {
    int best = INFINITE;
    for (int b = ' '; b < 0x7F; b++) {
      if (b != '"' && b != '\\') {
        best = Math.min(best, byteWeights[b]);
      }
    }
    return best;
  }
}

package dev.nearside.grammar.automaton;

import java.util.Arrays;
import java.util.Objects;

/**
 * How much it takes to finish a text, in bytes or in tokens.
 *
 * @param state (states) from a state to the end of its rule, without what its count still needs
 * @param rule (rules) a whole rule
 * @param loop (rules) one more of the rule's count
 * @param farthest (rules) the most from any of the rule's states
 */
record Costs(int[] state, int[] rule, int[] loop, int[] farthest) {
  /** The weight of a byte that is no token by itself: avoided where there is another way. */
  private static final int LACKING = 1_000;

  static Costs ofBytes(Automaton automaton) {
    int[] ones = new int[256];
    Arrays.fill(ones, 1);
    Shortest shortest = Shortest.cost(automaton, ones, 1);
    return new Costs(
        shortest.cost, shortest.ruleCost, shortest.loopCost, new int[automaton.rules.length]);
  }

  /**
   * Costs in tokens of a vocabulary: the cheapest bytes, cut into as few tokens as they allow. An
   * upper bound, and one that can be kept: from each state a token leads to one that costs one
   * less.
   */
  static Costs ofTokens(Automaton automaton, TokenTrie trie) {
    int[] weights = new int[256];
    for (int b = 0; b < 256; b++) {
      int entry = trie.child(0, b);
      weights[b] = entry >= 0 && trie.token(entry) >= 0 ? 1 : LACKING;
    }
    Shortest shortest = Shortest.cost(automaton, weights, 1);
    int[] rule = new int[automaton.rules.length];
    int[] loop = new int[rule.length];
    int[] state = new int[automaton.stateCount()];
    Arrays.fill(rule, Shortest.INFINITE);
    Arrays.fill(state, Shortest.INFINITE);
    Costs costs = new Costs(state, rule, loop, new int[rule.length]);
    for (int i = 0; i < shortest.order.size(); i++) {
      costs.settle(automaton, trie, shortest, shortest.order.get(i));
    }
    return costs;
  }

  private void settle(Automaton automaton, TokenTrie trie, Shortest shortest, int s) {
    int by = shortest.first[s];
    int call = Shortest.callIndex(by);
    int id = automaton.ruleOf[s];
    Automaton.Rule own = automaton.rules[id];
    if (by == Shortest.BY_END) {
      state[s] = 0;
    } else if (by >= 0) {
      state[s] = cut(automaton, trie, shortest, s);
    } else if (call >= 0) {
      int[] calls = Objects.requireNonNull(automaton.calls[s]);
      int callee = rule[calls[call]];
      if (own.loopRule() >= 0) {
        state[s] = own.min() == 0 ? callee : 0;
      } else {
        state[s] = add(callee, state[calls[call + 1]]);
      }
    } else {
      int[] tokens = Objects.requireNonNull(automaton.tokens[s]);
      state[s] = add(1, state[tokens[Shortest.tokenIndex(by) + 1]]);
    }
    farthest[id] = Math.max(farthest[id], state[s]);
    if (s == own.start()) {
      if (own.isString()) {
        loop[id] = shortest.loopCost[id] < LACKING ? shortest.loopCost[id] : Shortest.INFINITE;
      } else if (own.loopRule() >= 0) {
        loop[id] = rule[own.loopRule()];
      }
      Distinct distinct = automaton.distinct(id);
      long whole = state[s] + (long) own.min() * loop[id];
      if (distinct != null && whole < Shortest.INFINITE) {
        // The cheapest texts may be taken already; each byte is a token in the worst case.
        whole = isByteComplete(trie) ? distinct.worstLength : Shortest.INFINITE;
      }
      rule[id] = (int) Math.min(Shortest.INFINITE, whole);
    }
  }

  /** Whether all bytes of printable characters are tokens. */
  private static boolean isByteComplete(TokenTrie trie) {
    for (int b = ' '; b < 0x7F; b++) {
      int entry = trie.child(0, b);
      if (entry < 0 || trie.token(entry) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The fewest tokens for the bytes of the cheapest way, as far as no call interrupts them. */
  private int cut(Automaton automaton, TokenTrie trie, Shortest shortest, int from) {
    int best = Shortest.INFINITE;
    int at = from;
    int entry = 0;
    while (shortest.first[at] >= 0) {
      int b = shortest.first[at];
      int edge = automaton.next[at * automaton.classCount + (automaton.classOf[b] & 0xFF)];
      entry = trie.child(entry, b);
      // A condition on a later edge may not hold yet, so no token reaches across it.
      if (entry < 0 || (edge < 0 && at != from)) {
        break;
      }
      at = edge >= 0 ? edge : automaton.guarded[-2 - edge].target();
      if (trie.token(entry) >= 0) {
        best = Math.min(best, add(1, state[at]));
      }
    }
    return best;
  }

  static int add(int a, int b) {
    return Math.min(Shortest.INFINITE, a + b);
  }

  /** From a state to the end of its rule. */
  int of(Automaton automaton, int at, int count) {
    int id = automaton.ruleOf[at];
    int missing = automaton.rules[id].min() - count;
    if (missing <= 0) {
      return state[at];
    }
    return (int) Math.min(Shortest.INFINITE, state[at] + (long) missing * loop[id]);
  }
}

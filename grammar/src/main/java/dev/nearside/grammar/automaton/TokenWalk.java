package dev.nearside.grammar.automaton;

import dev.nearside.grammar.text.IntList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Walks the trie of a vocabulary beside the machine and notes which tokens are allowed. */
final class TokenWalk {
  private final TokenTrie trie;
  private final Machine machine;
  private final Automaton automaton;

  /** The allowed tokens, as bits. */
  long[] bits = new long[0];

  /** Tokens after which finishing costs more are left out. */
  int maxCost = Shortest.INFINITE;

  /** The highest cost after one of the allowed tokens. */
  int highest;

  /** Where the known rules ended inside a longer token; null where that can't be. */
  @Nullable IntList escapes;

  TokenWalk(TokenTrie trie, Machine machine) {
    this.trie = trie;
    this.machine = machine;
    automaton = machine.automaton;
  }

  /** All tokens below {@code entry}, where {@code config} is the state there. */
  void below(int entry, Config config) {
    boolean isOne = config.states.length == 1 && config.nodes[0].item == null;
    if (isOne && automaton.isSimple[config.states[0]]) {
      fast(entry, config);
    } else {
      each(entry, config);
    }
  }

  private void visit(int entry, Config config) {
    if (trie.token[entry] >= 0) {
      token(entry, machine.cost(config));
    }
    boolean isInner = trie.end[entry] > entry + 1;
    if (isInner && config.isEscaped() && escapes != null) {
      escapes.add(entry);
    }
    if (isInner && config.states.length > 0) {
      below(entry, config);
    }
  }

  private void token(int entry, int cost) {
    if (cost <= maxCost && cost < Shortest.INFINITE) {
      highest = Math.max(highest, cost);
      for (int t = trie.token[entry]; t >= 0; t = trie.twin[t]) {
        bits[t >> 6] |= 1L << t;
      }
    } else if (cost >= Shortest.INFINITE) {
      highest = Shortest.INFINITE;
    }
  }

  /** The same for one pair whose state only takes bytes, as long as it leads to such states. */
  private void fast(int entry, Config config) {
    int count = config.counts[0];
    Node node = config.nodes[0];
    if (node.depth + machine.maxHeight > Machine.MAX_DEPTH) {
      each(entry, config);
      return;
    }
    int[] next = automaton.next;
    int classes = automaton.classCount;
    int[] at = new int[trie.maxLength() + 1];
    at[trie.depth[entry]] = config.states[0];
    int end = trie.end[entry];
    int rest = node.cost;
    int[] costs = machine.costs.state();
    int needed = machine.costs.of(automaton, config.states[0], count) - costs[config.states[0]];
    for (int i = entry + 1; i < end; ) {
      int d = trie.depth[i];
      int state = at[d - 1];
      int target = next[state * classes + (automaton.classOf[trie.label[i] & 0xFF] & 0xFF)];
      if (target == Automaton.NONE) {
        i = trie.end[i];
      } else if (target >= 0 && automaton.isSimple[target]) {
        if (trie.token[i] >= 0) {
          token(i, Costs.add(costs[target] + needed, rest));
        }
        at[d] = target;
        i++;
      } else {
        Config after =
            machine.step(
                new Config(new int[] {state}, config.counts, config.nodes, 0),
                trie.label[i] & 0xFF);
        if (after != null) {
          visit(i, after);
        }
        i = trie.end[i];
      }
    }
  }

  /**
   * All tokens from the inside of an item that must differ from others, where there is always a
   * text that does. Within the item any token is fine; at its end the text decides.
   *
   * @param distinct of the item's rule, endless at {@code from}
   */
  void item(int from, Node node, byte[] prefix, Distinct distinct) {
    int[] at = new int[trie.maxLength() + 1];
    byte[] text = Arrays.copyOf(prefix, prefix.length + at.length);
    at[0] = from;
    for (int i = 1; i < trie.size(); ) {
      int d = trie.depth[i];
      int target =
          automaton
              .next[
              at[d - 1] * automaton.classCount + (automaton.classOf[trie.label[i] & 0xFF] & 0xFF)];
      text[prefix.length + d - 1] = trie.label[i];
      if (target < 0) {
        i = trie.end[i];
      } else if (automaton.finalAtLeast[target] < 0 && distinct.isEndless(target)) {
        if (trie.token[i] >= 0) {
          int cost = Costs.add(Costs.add(machine.costs.state()[target], distinct.slack), node.cost);
          if (cost > maxCost) {
            byte[] soFar = Arrays.copyOf(text, prefix.length + d);
            cost = machine.pairCost(target, 0, node.asItem(soFar));
          }
          token(i, cost);
        }
        at[d] = target;
        i++;
      } else {
        // Here the text itself decides.
        Node longer = node.asItem(Arrays.copyOf(text, prefix.length + d));
        Config after = machine.single(target, 0, longer);
        if (after != null) {
          visit(i, after);
        }
        i = trie.end[i];
      }
    }
  }

  private void each(int entry, Config config) {
    int end = trie.end[entry];
    for (int i = entry + 1; i < end; i = trie.end[i]) {
      Config next = machine.step(config, trie.label[i] & 0xFF);
      if (next != null) {
        visit(i, next);
      }
    }
  }
}

package dev.nearside.grammar.automaton;

import java.util.Arrays;

/**
 * Where a text stands in a grammar: all pairs of state and stack that it may be in. Immutable;
 * equal configurations allow the same continuations.
 */
public final class Config {
  final int[] states; // (pairs) each with input
  final int[] counts; // (pairs)
  final Node[] nodes; // (pairs)
  final int flags; // which bottoms may have been reached: Node.IS_ROOT, Node.IS_HOLE
  private final int hash;

  Config(int[] states, int[] counts, Node[] nodes, int flags) {
    this.states = states;
    this.counts = counts;
    this.nodes = nodes;
    this.flags = flags;
    hash =
        31 * (31 * (31 * Arrays.hashCode(states) + Arrays.hashCode(counts)) + flags)
            + Arrays.hashCode(nodes);
  }

  public int size() {
    return states.length;
  }

  public int state(int pair) {
    return states[pair];
  }

  public int count(int pair) {
    return counts[pair];
  }

  /** Whether the text may end here. */
  public boolean isComplete() {
    return (flags & Node.IS_ROOT) != 0;
  }

  /** Whether the rules that are known ended, so that what is below decides. */
  public boolean isEscaped() {
    return (flags & Node.IS_HOLE) != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Config config
        && (config == this
            || (hash == config.hash
                && flags == config.flags
                && Arrays.equals(states, config.states)
                && Arrays.equals(counts, config.counts)
                && Arrays.equals(nodes, config.nodes)));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}

package dev.nearside.grammar.automaton;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stack, seen from its top, or several that are alike there: where the rule that runs may return
 * to. Immutable; nodes share what is below them.
 */
final class Node {
  /** The rule that ends here is the whole grammar's. */
  static final int IS_ROOT = 1;

  /** What is below is not known. */
  static final int IS_HOLE = 2;

  static final Node ROOT = new Node(new int[0], new int[0], new Node[0], IS_ROOT, 0);
  static final Node HOLE = new Node(new int[0], new int[0], new Node[0], IS_HOLE, 0);

  final int[] states; // (frames) where the rule returns to
  final int[] counts; // (frames) the count there
  final Node[] parents; // (frames)
  final int flags;
  final int depth; // of the lowest of the stacks
  final @Nullable Seen seen; // the items that the list of this rule has
  final byte @Nullable [] item; // what there is of an item that must differ from those of its list
  final int cost; // the cheapest way from here to the end of the text
  private final int hash;

  /** What comes when the rule ends; filled on first use, the same by whoever fills it. */
  @Nullable Config popped;

  Node(int[] states, int[] counts, Node[] parents, int flags, int cost) {
    this(states, counts, parents, flags, cost, null, null);
  }

  Node(
      int[] states,
      int[] counts,
      Node[] parents,
      int flags,
      int cost,
      @Nullable Seen seen,
      byte @Nullable [] item) {
    this.seen = seen;
    this.item = item;
    this.states = states;
    this.counts = counts;
    this.parents = parents;
    this.flags = flags;
    this.cost = cost;
    int flattest = Integer.MAX_VALUE - 1;
    int h = 31 * (31 * Arrays.hashCode(states) + Arrays.hashCode(counts)) + flags;
    for (Node parent : parents) {
      flattest = Math.min(flattest, parent.depth);
      h = 31 * h + parent.hash;
    }
    depth = states.length == 0 ? 0 : flattest + 1;
    hash = 31 * (31 * h + (seen == null ? 0 : seen.hashCode())) + Arrays.hashCode(item);
  }

  /** The same stack, where the list of its rule has one item more. */
  Node with(byte[] text) {
    return new Node(states, counts, parents, flags, cost, Seen.of(text, seen), item);
  }

  /** The same stack as an item that has this text so far. */
  Node asItem(byte[] text) {
    return new Node(states, counts, parents, flags, cost, seen, text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Node node
        && (node == this
            || (hash == node.hash
                && flags == node.flags
                && Arrays.equals(states, node.states)
                && Arrays.equals(counts, node.counts)
                && Arrays.equals(parents, node.parents)
                && Arrays.equals(item, node.item)
                && Objects.equals(seen, node.seen)));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}

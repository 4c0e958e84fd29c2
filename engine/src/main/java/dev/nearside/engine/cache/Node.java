package dev.nearside.engine.cache;

import dev.nearside.model.kv.KvStore;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of the {@link PrefixTree}: the tokens of one block, and the block that holds their keys
 * and values. What these are depends on all tokens from the root to here.
 */
final class Node {
  /** A run of tokens as a key. */
  private record Run(int[] tokens) {
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Run other && Arrays.equals(tokens, other.tokens);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(tokens);
    }
  }

  final @Nullable Node parent; // null at a root
  final int[] tokens; // BLOCK of them; fewer where a sequence ended; none at a root
  final int block; // -1 at a root
  final long number;
  final String key; // of its root
  private final Map<Run, Node> children = new HashMap<>();

  /** Running sequences whose tables hold it. */
  int users;

  /** When it was last let go, in the tree's own time. */
  long usedAt;

  /** Whether it was evicted: its block is somebody else's. */
  boolean isGone;

  /** What it is called on disk, once somebody asked. */
  @Nullable PrefixHash hash;

  Node(String key, long number) {
    this(null, key, new int[0], -1, number);
  }

  Node(Node parent, int[] tokens, int block, long number) {
    this(parent, parent.key, tokens, block, number);
  }

  private Node(@Nullable Node parent, String key, int[] tokens, int block, long number) {
    this.parent = parent;
    this.key = key;
    this.tokens = tokens;
    this.block = block;
    this.number = number;
  }

  boolean isLeaf() {
    return children.isEmpty();
  }

  /** The child for the whole block of tokens from {@code at}, or null. */
  @Nullable Node child(int[] all, int at) {
    return children.isEmpty()
        ? null
        : children.get(new Run(Arrays.copyOfRange(all, at, at + KvStore.BLOCK)));
  }

  /** The child that shares the longest start with the tokens {@code at … limit - 1}, or null. */
  @Nullable Node nearest(int[] all, int at, int limit) {
    Node best = null;
    int longest = 0;
    for (Node child : children.values()) {
      int shared = child.shared(all, at, limit);
      if (shared > longest) {
        longest = shared;
        best = child;
      }
    }
    return best;
  }

  /** How many of its tokens are those from {@code at} on. */
  int shared(int[] all, int at, int limit) {
    int mismatch = Arrays.mismatch(tokens, 0, tokens.length, all, at, limit);
    return mismatch < 0 ? tokens.length : mismatch;
  }

  void add(Node child) {
    children.put(new Run(child.tokens), child);
  }

  void remove(Node child) {
    children.remove(new Run(child.tokens));
  }

  Iterable<Node> children() {
    return children.values();
  }
}

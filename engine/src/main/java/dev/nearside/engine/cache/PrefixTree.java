package dev.nearside.engine.cache;

import dev.nearside.model.kv.KvStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What has been computed, by its tokens: a tree of blocks, one root for each key (an adapter has
 * its own keys and values). Running sequences share its nodes; a leaf that none uses can be
 * evicted, least recently used first. The idea is that of SGLang's radix cache (Zheng et al. 2023)
 * with whole blocks for edges.
 */
final class PrefixTree {
  private static final Comparator<Node> LEAST_RECENT =
      Comparator.<Node>comparingLong(n -> n.usedAt).thenComparingLong(n -> n.number);

  private final Map<String, Node> roots = new HashMap<>();
  private final TreeSet<Node> unusedLeaves = new TreeSet<>(LEAST_RECENT);
  private int nodes;
  private int unused;
  private long clock;

  /** The root of a key, which stays until {@link #leave}. */
  Node enter(String key) {
    Node root = roots.computeIfAbsent(key, k -> new Node(k, clock++));
    root.users++;
    return root;
  }

  /** Keys come from outside: a root that nobody needs is forgotten. */
  void leave(Node root) {
    root.users--;
    forgetIfEmpty(root);
  }

  /** All nodes but the roots. */
  int size() {
    return nodes;
  }

  /** Nodes that no sequence uses: all of them can be evicted, one leaf after the other. */
  int unused() {
    return unused;
  }

  /** Adds a node that nobody uses yet; it takes {@code block} over. */
  Node add(Node parent, int[] tokens, int block) {
    Node node = new Node(parent, tokens, block, clock++);
    unusedLeaves.remove(parent);
    parent.add(node);
    node.usedAt = clock++;
    nodes++;
    unused++;
    unusedLeaves.add(node);
    return node;
  }

  void use(Node node) {
    if (node.users++ == 0) {
      unused--;
      unusedLeaves.remove(node);
    }
  }

  void letGo(Node node) {
    if (--node.users == 0) {
      node.usedAt = clock++;
      unused++;
      if (node.isLeaf()) {
        unusedLeaves.add(node);
      }
    }
  }

  /** Removes the least recently used leaf and returns its block; -1 when every leaf is in use. */
  int evict() {
    Node leaf = unusedLeaves.pollFirst();
    if (leaf == null) {
      return -1;
    }
    remove(leaf);
    return leaf.block;
  }

  /**
   * Removes the children of {@code parent} that hold no more than the first tokens from {@code at};
   * returns their blocks.
   */
  List<Integer> removeParts(Node parent, int[] all, int at, int limit) {
    List<Node> parts = new ArrayList<>();
    for (Node child : parent.children()) {
      boolean isPart = child.tokens.length < KvStore.BLOCK && child.users == 0;
      if (isPart && child.shared(all, at, limit) == child.tokens.length) {
        parts.add(child);
      }
    }
    for (Node part : parts) {
      unusedLeaves.remove(part);
      remove(part);
    }
    return parts.stream().map(n -> n.block).toList();
  }

  private void remove(Node leaf) {
    Node parent = leaf.parent;
    if (parent == null) {
      throw new IllegalStateException("a root is no leaf");
    }
    nodes--;
    unused--;
    leaf.isGone = true;
    parent.remove(leaf);
    if (parent.parent == null) {
      forgetIfEmpty(parent);
    } else if (parent.users == 0 && parent.isLeaf()) {
      unusedLeaves.add(parent);
    }
  }

  private void forgetIfEmpty(Node root) {
    if (root.users == 0 && root.isLeaf()) {
      roots.values().remove(root);
    }
  }
}

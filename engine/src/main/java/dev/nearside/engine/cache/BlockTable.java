package dev.nearside.engine.cache;

import dev.nearside.model.kv.KvStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The blocks of one sequence, in the order of its positions: first those that it shares through the
 * {@link PrefixTree}, all of them whole, then its own. {@link KvCache} changes it.
 */
public final class BlockTable {
  private final Node root;
  private final List<Node> path = new ArrayList<>(); // its shared blocks
  private int[] blocks = new int[8];
  private int size;

  BlockTable(Node root) {
    this.root = root;
  }

  /** Block numbers; the first {@link #size} count. */
  public int[] blocks() {
    return blocks;
  }

  public int size() {
    return size;
  }

  /** Positions in the shared blocks. */
  public int sharedPositions() {
    return path.size() * KvStore.BLOCK;
  }

  /** Whether both sequences come from the same shared block. */
  public boolean isBesides(BlockTable other) {
    return last() == other.last();
  }

  Node root() {
    return root;
  }

  /** The node of the last shared block. */
  Node last() {
    return path.isEmpty() ? root : path.getLast();
  }

  int shared() {
    return path.size();
  }

  boolean hasOwn() {
    return size > path.size();
  }

  /** The first block of its own. */
  int firstOwn() {
    return blocks[path.size()];
  }

  void addOwn(int block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * size);
    }
    blocks[size++] = block;
  }

  int removeOwn() {
    return blocks[--size];
  }

  /** The next block is {@code node}'s: one more, or instead of the first of its own. */
  void share(Node node) {
    if (hasOwn()) {
      blocks[path.size()] = node.block;
    } else {
      addOwn(node.block);
    }
    path.add(node);
  }

  Node removeShared() {
    if (hasOwn()) {
      throw new IllegalStateException("own blocks stand behind the shared ones");
    }
    size--;
    return path.removeLast();
  }
}

package dev.nearside.engine.cache;

import dev.nearside.model.kv.KvStore;
import java.util.Arrays;

/** The blocks of one sequence, in the order of its positions. */
public final class BlockTable {
  private final BlockPool pool;
  private int[] blocks = new int[8];
  private int size;

  public BlockTable(BlockPool pool) {
    this.pool = pool;
  }

  /** Block numbers; the first {@link #size} count. */
  public int[] blocks() {
    return blocks;
  }

  public int size() {
    return size;
  }

  /** Acquires blocks for {@code positions} positions; false when the pool has not enough. */
  public boolean reserve(int positions) {
    int wanted = blocksFor(positions);
    if (wanted - size > pool.free()) {
      return false;
    }
    if (wanted > blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(wanted, 2 * blocks.length));
    }
    while (size < wanted) {
      blocks[size] = pool.acquire(); // may throw: then the block does not count
      size++;
    }
    return true;
  }

  /** Releases the blocks behind {@code positions} positions. */
  public void trim(int positions) {
    int kept = blocksFor(positions);
    while (size > kept) {
      pool.release(blocks[--size]);
    }
  }

  static int blocksFor(int positions) {
    return (positions + KvStore.BLOCK - 1) / KvStore.BLOCK;
  }
}

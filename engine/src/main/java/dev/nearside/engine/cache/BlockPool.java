package dev.nearside.engine.cache;

import dev.nearside.model.kv.KvStore;
import java.util.BitSet;

/** Hands out the block numbers of a {@link KvStore}, lowest first, up to a budget. */
final class BlockPool {
  private final KvStore store;
  private final int capacity;
  private final BitSet isUsed = new BitSet();
  private int used;

  /**
   * @param capacity blocks at most
   */
  BlockPool(KvStore store, int capacity) {
    this.store = store;
    this.capacity = capacity;
  }

  int capacity() {
    return capacity;
  }

  /** Blocks that can still be acquired. */
  int free() {
    return capacity - used;
  }

  /**
   * A block nobody else has, or -1 when none is free.
   *
   * @throws dev.nearside.model.ModelException when there is no memory for it
   */
  int acquire() {
    int block = isUsed.nextClearBit(0);
    if (block >= capacity) {
      return -1;
    }
    store.ensure(block + 1, capacity);
    isUsed.set(block);
    used++;
    return block;
  }

  /** Gives a block back. */
  void release(int block) {
    if (!isUsed.get(block)) {
      throw new IllegalStateException("block " + block + " is not in use");
    }
    isUsed.clear(block);
    used--;
  }
}

package dev.nearside.engine.cache;

import dev.nearside.model.kv.KvStore;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which block of keys and values. A block becomes shared as soon as it is full, also while
 * its sequence runs, and is kept after the sequence ends, until its place is needed.
 *
 * <p>The keys and values of a token are a function of the tokens before it, so that whoever has the
 * same start can take them over; exact numerics make them the same bits however they were computed.
 *
 * <p>Only the engine thread calls it. {@code docs/design/engine.md} draws the tree.
 */
public final class KvCache {
  private static final int BLOCK = KvStore.BLOCK;

  private final KvStore store;
  private final BlockPool pool;
  private final PrefixTree tree = new PrefixTree();
  private final @Nullable DiskTier disk;

  /**
   * @param capacity blocks at most
   */
  public KvCache(KvStore store, int capacity) {
    this(store, capacity, null, () -> {});
  }

  /**
   * @param capacity blocks at most
   * @param folder where blocks are kept for the next start; null = nowhere
   * @param onRoom called from another thread when {@link #flush} can do more
   */
  public KvCache(KvStore store, int capacity, @Nullable KvFolder folder, Runnable onRoom) {
    this.store = store;
    this.pool = new BlockPool(store, capacity);
    this.disk = folder == null ? null : new DiskTier(folder, store, onRoom);
  }

  /** Blocks at most. */
  public int capacity() {
    return pool.capacity();
  }

  /** Blocks that running sequences hold. */
  public int inUse() {
    return pool.capacity() - available();
  }

  /** Blocks that no sequence uses but that are kept. */
  public int kept() {
    return tree.unused();
  }

  /** Blocks that can be had: free ones, and kept ones that would be dropped for it. */
  public int available() {
    return pool.free() + tree.unused();
  }

  /** Blocks that so many positions take. */
  public static int blocksFor(int positions) {
    return (positions + BLOCK - 1) / BLOCK;
  }

  /**
   * A table without blocks.
   *
   * @param key what keys and values depend on besides the tokens: an adapter
   */
  public BlockTable open(String key) {
    return new BlockTable(tree.enter(key));
  }

  /**
   * Takes over the whole blocks that are stored of {@code tokens}, behind those that the table
   * shares already. Does nothing when it has blocks of its own.
   *
   * @param limit tokens that may be covered
   * @return tokens that the shared blocks cover now
   */
  public int share(BlockTable table, int[] tokens, int limit) {
    int covered = table.sharedPositions();
    while (!table.hasOwn() && covered + BLOCK <= limit) {
      Node next = table.last().child(tokens, covered);
      if (next == null) {
        next = load(table.last(), tokens, covered);
      }
      if (next == null) {
        break;
      }
      tree.use(next);
      table.share(next);
      covered += BLOCK;
    }
    return covered;
  }

  private @Nullable Node load(Node parent, int[] tokens, int at) {
    if (disk == null || disk.isSpent() || !disk.has(parent, tokens, at)) {
      return null;
    }
    int block = acquire();
    if (block < 0) {
      return null;
    }
    if (!disk.load(parent, tokens, at, block)) {
      pool.release(block);
      return null;
    }
    return tree.add(parent, Arrays.copyOfRange(tokens, at, at + BLOCK), block);
  }

  /** A step begins: some blocks can be read from disk again. */
  public void beginStep() {
    if (disk != null) {
      disk.beginStep();
    }
  }

  /** Whether the next block is on disk and will be read in the next step. */
  public boolean isLoading(BlockTable table, int[] tokens, int limit) {
    int at = table.sharedPositions();
    return disk != null
        && disk.isSpent()
        && !table.hasOwn()
        && at + BLOCK <= limit
        && disk.has(table.last(), tokens, at);
  }

  /** Hands blocks over to be written to disk, as many as can be at this moment. */
  public void flush() {
    if (disk != null) {
      disk.flush();
    }
  }

  /** Bytes on disk. */
  public long diskBytes() {
    return disk == null ? 0 : disk.bytes();
  }

  /** Writes what was not written yet; the cache can't be used afterwards. */
  public void close() {
    if (disk != null) {
      disk.close();
    }
  }

  /**
   * Takes over what is stored of {@code tokens} behind the first {@code computed}: whole blocks as
   * {@link #share} does, and of a part of a block a copy. Does nothing amid a block.
   *
   * @param limit tokens that may be covered
   * @return tokens that are covered now
   */
  public int adopt(BlockTable table, int[] tokens, int computed, int limit) {
    if (table.hasOwn() || computed != table.sharedPositions()) {
      return computed;
    }
    int covered = share(table, tokens, limit);
    return covered < limit ? adoptPart(table, tokens, covered, limit) : covered;
  }

  private int adoptPart(BlockTable table, int[] tokens, int covered, int limit) {
    Node nearest = table.last().nearest(tokens, covered, Math.min(limit, covered + BLOCK));
    if (nearest == null) {
      return covered;
    }
    tree.use(nearest); // making room must not drop it
    int block;
    try {
      block = acquire();
    } catch (RuntimeException e) {
      tree.letGo(nearest);
      throw e;
    }
    if (block >= 0) {
      store.copy(nearest.block, block);
      table.addOwn(block);
    }
    tree.letGo(nearest);
    return block < 0 ? covered : covered + nearest.shared(tokens, covered, limit);
  }

  /** Acquires blocks for {@code positions} positions; false when there are not enough. */
  public boolean reserve(BlockTable table, int positions) {
    int wanted = blocksFor(positions);
    if (wanted - table.size() > available()) {
      return false;
    }
    while (table.size() < wanted) {
      table.addOwn(acquire()); // may throw: then the block does not count
    }
    return true;
  }

  /** Shares the blocks that the first {@code computed} tokens fill. */
  public void publish(BlockTable table, int[] tokens, int computed) {
    int at = table.sharedPositions();
    while (at + BLOCK <= computed) {
      Node parent = table.last();
      Node node = parent.child(tokens, at);
      int own = table.firstOwn();
      if (node == null) {
        int[] run = Arrays.copyOfRange(tokens, at, at + BLOCK);
        tree.removeParts(parent, tokens, at, at + BLOCK).forEach(pool::release);
        node = tree.add(parent, run, own);
        if (disk != null) {
          disk.keep(node);
        }
      } else {
        pool.release(own); // another was first
      }
      tree.use(node);
      table.share(node);
      at += BLOCK;
    }
  }

  /** Ends a table; what was computed is kept, the last block even if it is not full. */
  public void keep(BlockTable table, int[] tokens, int computed) {
    publish(table, tokens, computed);
    int at = table.sharedPositions();
    Node parent = table.last();
    Node nearest = at < computed ? parent.nearest(tokens, at, computed) : null;
    boolean isNew =
        at < computed && (nearest == null || nearest.shared(tokens, at, computed) < computed - at);
    while (table.size() > table.shared() + (isNew ? 1 : 0)) {
      pool.release(table.removeOwn());
    }
    if (isNew) {
      tree.removeParts(parent, tokens, at, computed).forEach(pool::release);
      tree.add(parent, Arrays.copyOfRange(tokens, at, computed), table.removeOwn());
    }
    drop(table);
  }

  /** Ends a table; of its own blocks nothing is kept. */
  public void drop(BlockTable table) {
    while (table.hasOwn()) {
      pool.release(table.removeOwn());
    }
    while (table.shared() > 0) {
      tree.letGo(table.removeShared());
    }
    tree.leave(table.root());
  }

  /** Drops all that no sequence uses. */
  public void clear() {
    int block = tree.evict();
    while (block >= 0) {
      pool.release(block);
      block = tree.evict();
    }
  }

  private int acquire() {
    int block = pool.acquire();
    if (block >= 0) {
      return block;
    }
    int evicted = tree.evict();
    if (evicted >= 0) {
      pool.release(evicted);
      return pool.acquire();
    }
    return -1;
  }
}

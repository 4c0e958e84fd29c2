package dev.nearside.engine.cache;

import dev.nearside.model.kv.KvStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The prefix tree's whole blocks on disk: what was computed once is found again after a restart.
 * The engine thread reads them, a few in a step; a thread of its own writes them.
 */
final class DiskTier {
  private static final long LOAD_NANOS = 50_000_000; // in one step
  private static final int MOST_UNSAVED = 16_384;
  private static final long CLOSE_NANOS = 3_000_000_000L;

  private final KvStore store;
  private final String identity;
  private final BlockFiles files;
  private final BlockSaver saver;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final Deque<Node> unsaved = new ArrayDeque<>();
  private long loadNanos;

  /**
   * @param onRoom called from another thread when {@link #flush} can do more
   */
  DiskTier(KvFolder folder, KvStore store, Runnable onRoom) {
    this.store = store;
    this.identity = folder.identity() + '\n' + store.format();
    long bytes = store.bytesPerBlock();
    this.files = new BlockFiles(folder.folder(), folder.maxBytes(), bytes);
    this.saver = new BlockSaver(files::save, bytes, onRoom);
    this.buffer = arena.allocate(bytes, 64);
  }

  /** A step begins: some time for reading. */
  void beginStep() {
    loadNanos = LOAD_NANOS;
  }

  /** Whether this step's time for reading is over. */
  boolean isSpent() {
    return loadNanos <= 0;
  }

  /** Whether the block of tokens from {@code at} behind {@code parent} is on disk. */
  boolean has(Node parent, int[] tokens, int at) {
    return files.has(hash(parent).next(tokens, at, KvStore.BLOCK));
  }

  /** Reads that block into {@code block}; false when it can't be had after all. */
  boolean load(Node parent, int[] tokens, int at, int block) {
    long start = System.nanoTime();
    boolean isThere = files.load(hash(parent).next(tokens, at, KvStore.BLOCK), buffer);
    if (isThere) {
      store.restore(block, buffer);
    }
    loadNanos -= System.nanoTime() - start;
    return isThere;
  }

  /** Writes a new node's block some time soon. */
  void keep(Node node) {
    if (unsaved.size() < MOST_UNSAVED) {
      unsaved.addLast(node);
    }
  }

  /** Hands over as many blocks as can be written now. */
  void flush() {
    if (unsaved.isEmpty() || saver.isResting()) {
      return;
    }
    MemorySegment free = saver.buffer();
    while (free != null) {
      if (!save(free)) {
        return;
      }
      free = saver.buffer();
    }
  }

  // False when nothing was left for this buffer.
  private boolean save(MemorySegment free) {
    Node node = unsaved.pollFirst();
    while (node != null && node.isGone) {
      node = unsaved.pollFirst();
    }
    if (node == null) {
      saver.giveBack(free);
      return false;
    }
    store.save(node.block, free);
    saver.save(hash(node), free);
    return true;
  }

  /** Bytes on disk. */
  long bytes() {
    return files.bytes();
  }

  /** Writes what is left, but not for long. */
  void close() {
    long end = System.nanoTime() + CLOSE_NANOS;
    try {
      while (!unsaved.isEmpty() && !saver.isResting() && System.nanoTime() < end) {
        MemorySegment free = saver.buffer(100);
        if (free != null && !save(free)) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      saver.close();
      arena.close();
    }
  }

  private PrefixHash hash(Node node) {
    PrefixHash known = node.hash;
    if (known == null) {
      Node parent = node.parent;
      known =
          parent == null
              ? PrefixHash.root(identity, node.key)
              : hash(parent).next(node.tokens, 0, node.tokens.length);
      node.hash = known;
    }
    return known;
  }
}

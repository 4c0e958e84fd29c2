package dev.nearside.engine.cache;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of sequences that have ended, kept for the next turn of the same chat. A new
 * sequence takes over the one with which it shares the longest start.
 */
public final class Retained {
  /**
   * Computed tokens and their blocks.
   *
   * @param tokens tokens whose keys and values are stored
   */
  public record Entry(int[] tokens, BlockTable table) {}

  private final int maxEntries;
  private final Deque<Entry> entries = new ArrayDeque<>(); // most recent first

  public Retained(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  /** Keeps an ended sequence; the least recent is dropped when there are too many. */
  public void keep(Entry entry) {
    entries.addFirst(entry);
    if (entries.size() > maxEntries) {
      dropOldest();
    }
  }

  /**
   * Removes and returns the entry that shares the longest start with {@code prompt}, trimmed to
   * what is shared but at most {@code limit} tokens; null when nothing is shared.
   */
  public @Nullable Entry take(int[] prompt, int limit) {
    Entry best = null;
    int longest = 0;
    for (Entry e : entries) {
      int mismatch = Arrays.mismatch(e.tokens, prompt);
      int shared = mismatch < 0 ? prompt.length : mismatch;
      if (shared > longest) {
        longest = shared;
        best = e;
      }
    }
    int used = Math.min(longest, limit);
    if (best == null || used == 0) {
      return null;
    }
    entries.remove(best);
    best.table.trim(used);
    return new Entry(Arrays.copyOf(best.tokens, used), best.table);
  }

  /** Drops the least recent entry; false when there is none. */
  public boolean dropOldest() {
    Entry oldest = entries.pollLast();
    if (oldest == null) {
      return false;
    }
    oldest.table.trim(0);
    return true;
  }

  /** Drops everything. */
  public void clear() {
    Iterator<Entry> all = entries.iterator();
    while (all.hasNext()) {
      all.next().table.trim(0);
      all.remove();
    }
  }
}

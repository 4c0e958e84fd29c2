package dev.nearside.tokenizer.text;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the ids of words seen lately. One slot per hash, the newer word wins, so the size is
 * fixed. Threads race on the slots without locks: an entry is immutable, so a reader sees a whole
 * one or none.
 */
public final class WordCache {
  /** Longer words are rare; they would only push others out. */
  private static final int MAX_LENGTH = 48;

  private static final int SLOTS = 1 << 14;

  private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];

  private record Entry(String word, int[] ids) {}

  /** The ids of {@code word}, not to be changed; null when it isn't remembered. */
  public int @Nullable [] get(String word) {
    if (word.length() > MAX_LENGTH) {
      return null;
    }
    Entry entry = slots[slot(word)];
    return entry != null && entry.word.equals(word) ? entry.ids : null;
  }

  public void put(String word, int[] ids) {
    if (word.length() <= MAX_LENGTH) {
      slots[slot(word)] = new Entry(word, ids);
    }
  }

  private static int slot(String word) {
    return (word.hashCode() * 0x9E3779B9) >>> 18;
  }
}

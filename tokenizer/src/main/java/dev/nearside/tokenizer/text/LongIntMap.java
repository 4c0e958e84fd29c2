package dev.nearside.tokenizer.text;

import java.util.Arrays;

/** A map from non-negative longs to non-negative ints, without boxes; only grows. */
public final class LongIntMap {
  /** What {@link #get} answers for an absent key. */
  public static final int ABSENT = -1;

  private static final long EMPTY = -1;

  private long[] keys;
  private int[] values;
  private int size;
  private int shift;

  public LongIntMap(int expected) {
    int capacity = Integer.highestOneBit(Math.max(8, Math.min(expected, 1 << 28))) << 2;
    allocate(capacity);
  }

  public int get(long key) {
    int mask = keys.length - 1;
    int slot = slot(key);
    while (true) {
      long there = keys[slot];
      if (there == key) {
        return values[slot];
      }
      if (there == EMPTY) {
        return ABSENT;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** Stores the value unless the key is there; says whether it was stored. */
  public boolean putIfAbsent(long key, int value) {
    int mask = keys.length - 1;
    int slot = slot(key);
    while (keys[slot] != EMPTY) {
      if (keys[slot] == key) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
    if (++size * 2L > keys.length) {
      grow();
    }
    return true;
  }

  /** Stores the value, over an older one. */
  public void put(long key, int value) {
    if (!putIfAbsent(key, value)) {
      int slot = slot(key);
      while (keys[slot] != key) {
        slot = (slot + 1) & (keys.length - 1);
      }
      values[slot] = value;
    }
  }

  public int size() {
    return size;
  }

  private int slot(long key) {
    // Fibonacci hashing after mixing the halves: pairs of small ids spread over the table.
    return (int) (((key ^ (key >>> 29)) * 0x9E3779B97F4A7C15L) >>> shift);
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    values = new int[capacity];
    Arrays.fill(keys, EMPTY);
    shift = Long.numberOfLeadingZeros(capacity) + 1;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    allocate(oldKeys.length * 2);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        putIfAbsent(oldKeys[i], oldValues[i]);
      }
    }
  }
}

package dev.nearside.tokenizer.text;

import java.util.Arrays;

/** A growing list of ints. */
public final class IntList {
  private int[] items;
  private int size;

  public IntList() {
    this(16);
  }

  public IntList(int capacity) {
    items = new int[Math.max(4, capacity)];
  }

  public void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size + (size >> 1) + 4);
    }
    items[size++] = item;
  }

  public void addAll(int[] more) {
    if (items.length - size < more.length) {
      items = Arrays.copyOf(items, Math.max(size + more.length, size + (size >> 1)));
    }
    System.arraycopy(more, 0, items, size, more.length);
    size += more.length;
  }

  public int get(int index) {
    return items[index];
  }

  public int size() {
    return size;
  }

  /** Forgets everything from {@code newSize} on. */
  public void truncate(int newSize) {
    size = Math.min(size, newSize);
  }

  /** Turns the order of the items from {@code from} on around. */
  public void reverseFrom(int from) {
    for (int i = from, j = size - 1; i < j; i++, j--) {
      int swap = items[i];
      items[i] = items[j];
      items[j] = swap;
    }
  }

  public int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}

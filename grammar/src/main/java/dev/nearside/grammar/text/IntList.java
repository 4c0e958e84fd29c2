package dev.nearside.grammar.text;

import java.util.Arrays;

/** A growing list of ints. */
public final class IntList {
  private int[] items = new int[8];
  private int size;

  /** An empty list. */
  public IntList() {}

  public int size() {
    return size;
  }

  public int get(int index) {
    return items[index];
  }

  public void set(int index, int value) {
    items[index] = value;
  }

  public void add(int value) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = value;
  }

  public void addAll(int[] values) {
    for (int value : values) {
      add(value);
    }
  }

  public int removeLast() {
    return items[--size];
  }

  public void clear() {
    size = 0;
  }

  public int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}

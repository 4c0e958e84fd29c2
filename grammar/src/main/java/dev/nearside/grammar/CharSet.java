package dev.nearside.grammar;

import dev.nearside.grammar.text.IntList;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A set of Unicode scalar values: sorted ranges that neither overlap nor touch. Surrogates are
 * never members.
 */
public final class CharSet {
  private static final int MAX = Character.MAX_CODE_POINT;

  public static final CharSet EMPTY = new CharSet(new int[0]);
  public static final CharSet ALL = of(0, MAX);

  /** lowest, highest of each range in turn */
  private final int[] bounds;

  private CharSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** The set of ranges given as lowest, highest, lowest, highest … in any order. */
  public static CharSet of(int... pairs) {
    int[][] ranges = new int[pairs.length / 2][];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = new int[] {pairs[2 * i], pairs[2 * i + 1]};
    }
    Arrays.sort(ranges, Comparator.comparingInt(r -> r[0]));
    IntList out = new IntList();
    int low = 0;
    int high = -1;
    for (int[] range : ranges) {
      if (high >= low && range[0] <= high + 1) {
        high = Math.max(high, range[1]);
      } else {
        put(out, low, high);
        low = range[0];
        high = range[1];
      }
    }
    put(out, low, high);
    return out.size() == 0 ? new CharSet(new int[0]) : new CharSet(out.toArray());
  }

  /** The characters of a string. */
  public static CharSet ofChars(String chars) {
    return of(chars.codePoints().flatMap(c -> java.util.stream.IntStream.of(c, c)).toArray());
  }

  private static void put(IntList out, int low, int high) {
    int top = Math.min(high, MAX);
    if (low < Character.MIN_SURROGATE && top >= Character.MIN_SURROGATE) {
      put(out, low, Character.MIN_SURROGATE - 1);
      put(out, Character.MAX_SURROGATE + 1, top);
      return;
    }
    int bottom =
        low >= Character.MIN_SURROGATE && low <= Character.MAX_SURROGATE
            ? Character.MAX_SURROGATE + 1
            : low;
    if (bottom <= top) {
      out.add(bottom);
      out.add(top);
    }
  }

  public int rangeCount() {
    return bounds.length / 2;
  }

  public int low(int range) {
    return bounds[2 * range];
  }

  public int high(int range) {
    return bounds[2 * range + 1];
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  public boolean contains(int codePoint) {
    for (int i = 0; i < bounds.length; i += 2) {
      if (codePoint <= bounds[i + 1]) {
        return codePoint >= bounds[i];
      }
    }
    return false;
  }

  public CharSet union(CharSet other) {
    int[] all = Arrays.copyOf(bounds, bounds.length + other.bounds.length);
    System.arraycopy(other.bounds, 0, all, bounds.length, other.bounds.length);
    return of(all);
  }

  /** All Unicode scalar values that are not in this set. */
  public CharSet complement() {
    IntList out = new IntList();
    int next = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      put(out, next, bounds[i] - 1);
      next = bounds[i + 1] + 1;
    }
    put(out, next, MAX);
    return new CharSet(out.toArray());
  }

  public CharSet minus(CharSet other) {
    return complement().union(other).complement();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    return "CharSet" + Arrays.toString(bounds);
  }
}

package dev.nearside.tensor.kernel.machine;

/**
 * Tokens {@code from … to - 1} in groups of {@link #EACH}, of which the last one may have fewer.
 * All panels meet one group, then the next: a group is small enough for a core's caches, and large
 * enough for reading weights from memory to be a small part of the work.
 */
record TokenGroups(int from, int to) {
  /** Tokens of a group. */
  static final int EACH = 64;

  int count() {
    return (to - from + EACH - 1) / EACH;
  }

  /** The first token of a group. */
  int first(int group) {
    return from + group * EACH;
  }

  /** The first token behind a group. */
  int end(int group) {
    return Math.min(to, first(group) + EACH);
  }
}

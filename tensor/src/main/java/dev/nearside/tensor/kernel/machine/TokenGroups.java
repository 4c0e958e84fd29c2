package dev.nearside.tensor.kernel.machine;

/**
 * Tokens {@code from … to - 1} in groups of {@code each}, of which the last one may have fewer: as
 * many as a core's cache keeps while panels pass by.
 */
record TokenGroups(int from, int to, int each) {
  int count() {
    return (to - from + each - 1) / each;
  }

  /** The first token of a group. */
  int first(int group) {
    return from + group * each;
  }

  /** The first token behind a group. */
  int end(int group) {
    return Math.min(to, first(group) + each);
  }
}

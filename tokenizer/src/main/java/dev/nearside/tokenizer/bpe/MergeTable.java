package dev.nearside.tokenizer.bpe;

import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.LongIntMap;

/**
 * Which pairs of symbols join, in which order, to what. Symbols are numbers from 0; the first ones
 * are token ids.
 */
final class MergeTable {
  private final LongIntMap ranks;
  private final IntList results;

  MergeTable(int expected) {
    ranks = new LongIntMap(expected);
    results = new IntList(expected);
  }

  /** Adds the next merge, of lower priority than all before it; a known pair stays as it is. */
  void add(int left, int right, int result) {
    if (ranks.putIfAbsent(key(left, right), results.size())) {
      results.add(result);
    }
  }

  int size() {
    return results.size();
  }

  /** The place of the pair in the order of merges, or -1. */
  int rank(int left, int right) {
    return ranks.get(key(left, right));
  }

  int result(int rank) {
    return results.get(rank);
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }
}

package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tokens in which the places are found where the last few tokens of a sequence stood before. Each
 * run of {@link #GRAM} tokens is chained to the one before it in its bucket; of the most recent
 * ones the one is taken that agrees with the sequence furthest back.
 */
final class NgramIndex {
  /** Tokens that must agree. */
  static final int GRAM = 3;

  /** How far back agreement is counted. */
  static final int FAR = 32;

  private static final int CANDIDATES = 12;

  /**
   * A place.
   *
   * @param next where what followed begins
   * @param agreed tokens before it that agree
   */
  record Match(int next, int agreed) {}

  private int[] tokens = new int[256];
  private int[] previous = new int[256]; // by the last token of a run: the run before, or -1
  private int[] heads = filled(512);
  private int size;

  int size() {
    return size;
  }

  int at(int position) {
    return tokens[position];
  }

  void add(int token) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
      previous = Arrays.copyOf(previous, 2 * size);
    }
    tokens[size++] = token;
    if (size > heads.length / 2) {
      rehash();
    } else {
      chain(size - 1);
    }
  }

  void clear() {
    size = 0;
    Arrays.fill(heads, -1);
  }

  /** The best place with something behind it, or null. */
  @Nullable Match find(TokenHistory history) {
    int length = history.length();
    if (length < GRAM) {
      return null;
    }
    int bucket = bucket(history.at(length - 3), history.at(length - 2), history.at(length - 1));
    Match best = null;
    int seen = 0;
    for (int p = heads[bucket]; p >= 0 && seen < CANDIDATES; p = previous[p], seen++) {
      int agreed = p + 1 < size ? agreed(history, p) : 0;
      if (agreed >= GRAM && (best == null || agreed > best.agreed)) {
        best = new Match(p + 1, agreed);
      }
    }
    return best;
  }

  private int agreed(TokenHistory history, int last) {
    int end = history.length() - 1;
    int most = Math.min(FAR, Math.min(last, end) + 1);
    int agreed = 0;
    while (agreed < most && tokens[last - agreed] == history.at(end - agreed)) {
      agreed++;
    }
    return agreed;
  }

  private void chain(int last) {
    if (last + 1 >= GRAM) {
      int bucket = bucket(tokens[last - 2], tokens[last - 1], tokens[last]);
      previous[last] = heads[bucket];
      heads[bucket] = last;
    }
  }

  private void rehash() {
    heads = filled(2 * heads.length);
    for (int i = 0; i < size; i++) {
      chain(i);
    }
  }

  private int bucket(int a, int b, int c) {
    int hash = (a * 0x9E3779B1 + b) * 0x85EBCA6B + c;
    hash *= 0xC2B2AE35;
    return (hash ^ (hash >>> 15)) & (heads.length - 1);
  }

  private static int[] filled(int length) {
    int[] out = new int[length];
    Arrays.fill(out, -1);
    return out;
  }
}

package dev.nearside.tokenizer.unigram;

import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.TokenTrie;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The most likely segmentation under a unigram language model (Kudo 2018), by Viterbi as in
 * SentencePiece's {@code EncodeOptimized}: best[i] is the best way to write the first i characters.
 * A character that no token covers alone may be unknown, at ten below the worst score.
 */
public final class UnigramEncoder implements WordEncoder {
  private static final double UNKNOWN_PENALTY = 10;
  private static final int UNREACHED = -1;

  private final TokenTrie trie;
  private final double[] scores;
  private final int unknown;
  private final double unknownScore;
  private final boolean byteFallback;
  private final int[] byteTokens = new int[256];

  /**
   * @param pieces the tokens that text can become; the others are left out of {@code trie}
   * @param scores one per id, logarithms of probabilities
   * @param worst the lowest score of a normal token
   * @param unknown the unknown token's id, or -1: unknown characters are left out
   * @param byteFallback whether unknown characters become byte tokens where there are all of them
   */
  public UnigramEncoder(
      TokenTrie pieces,
      double[] scores,
      double worst,
      int unknown,
      boolean byteFallback,
      Vocabulary vocabulary) {
    this.trie = pieces;
    this.scores = scores;
    this.unknown = unknown;
    this.unknownScore = worst - UNKNOWN_PENALTY;
    this.byteFallback = byteFallback;
    for (int b = 0; b < 256; b++) {
      byteTokens[b] = vocabulary.byteToken(b);
    }
  }

  @Override
  public void encode(String text, IntList out) {
    int n = text.length();
    double[] best = new double[n + 1];
    int[] tokenTo = new int[n + 1];
    int[] from = new int[n + 1];
    Arrays.fill(from, UNREACHED);
    from[0] = 0;
    for (int i = 0; i < n; ) {
      int next = i + Character.charCount(text.codePointAt(i));
      boolean covered = false;
      int node = TokenTrie.ROOT;
      for (int end = i; end < n; ) {
        node = trie.step(node, text.charAt(end++));
        if (node == TokenTrie.NONE) {
          break;
        }
        int id = trie.value(node);
        if (id != TokenTrie.NONE) {
          covered |= end == next;
          offer(best, tokenTo, from, i, end, id, best[i] + scores[id]);
        }
      }
      if (!covered) {
        offer(best, tokenTo, from, i, next, unknown, best[i] + unknownScore);
      }
      i = next;
    }
    collect(text, tokenTo, from, out);
  }

  private static void offer(
      double[] best, int[] tokenTo, int[] from, int start, int end, int id, double score) {
    if (from[end] == UNREACHED || score > best[end]) {
      best[end] = score;
      tokenTo[end] = id;
      from[end] = start;
    }
  }

  /** Walks back from the end; neighbouring unknown characters are one unknown token. */
  private void collect(String text, int[] tokenTo, int[] from, IntList out) {
    int before = out.size();
    int unknownEnd = -1;
    for (int end = text.length(); end > 0; end = from[end]) {
      boolean isUnknown = tokenTo[end] == unknown;
      if (isUnknown) {
        unknownEnd = unknownEnd < 0 ? end : unknownEnd;
        if (from[end] == 0) {
          unknownBackwards(text.substring(0, unknownEnd), out);
        }
      } else {
        if (unknownEnd >= 0) {
          unknownBackwards(text.substring(end, unknownEnd), out);
          unknownEnd = -1;
        }
        out.add(tokenTo[end]);
      }
    }
    out.reverseFrom(before);
  }

  private void unknownBackwards(String text, IntList out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean spelled = byteFallback;
    for (byte b : bytes) {
      spelled &= byteTokens[b & 0xFF] >= 0;
    }
    if (spelled) {
      for (int i = bytes.length - 1; i >= 0; i--) {
        out.add(byteTokens[bytes[i] & 0xFF]);
      }
    } else if (unknown >= 0) {
      out.add(unknown);
    }
  }
}

package dev.nearside.grammar.automaton;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The bytes of all tokens as a trie in one run of arrays, parents before children, so that a walk
 * reads memory from front to back and skips a subtree by one jump. Entry 0 is the root.
 */
public final class TokenTrie {
  final byte[] label; // (entries) the byte that leads here
  final int[] end; // (entries) the first entry behind the subtree
  final short[] depth; // (entries)
  final int[] token; // (entries) a token that ends here, or -1
  final int[] twin; // (vocabulary) another token with the same bytes, or -1
  private final int vocabSize;
  private final int maxLength;

  /**
   * @param tokens the bytes of each token; empty ones are left out
   */
  public TokenTrie(byte[][] tokens) {
    vocabSize = tokens.length;
    int[] sorted =
        IntStream.range(0, tokens.length)
            .filter(id -> tokens[id].length > 0 && tokens[id].length < Short.MAX_VALUE)
            .boxed()
            .sorted(
                Comparator.comparing((Integer id) -> tokens[id], Arrays::compareUnsigned)
                    .thenComparing(Comparator.naturalOrder()))
            .mapToInt(Integer::intValue)
            .toArray();
    int entries = 1;
    int longest = 0;
    byte[] before = new byte[0];
    for (int id : sorted) {
      entries += tokens[id].length - common(before, tokens[id]);
      before = tokens[id];
      longest = Math.max(longest, before.length);
    }
    maxLength = longest;
    label = new byte[entries];
    end = new int[entries];
    depth = new short[entries];
    token = new int[entries];
    twin = new int[vocabSize];
    Arrays.fill(token, -1);
    Arrays.fill(twin, -1);
    fill(tokens, sorted);
  }

  private void fill(byte[][] tokens, int[] sorted) {
    int[] path = new int[maxLength + 1];
    int size = 1;
    byte[] before = new byte[0];
    for (int id : sorted) {
      byte[] bytes = tokens[id];
      int same = common(before, bytes);
      for (int d = same + 1; d <= before.length; d++) {
        end[path[d]] = size;
      }
      for (int d = same + 1; d <= bytes.length; d++) {
        label[size] = bytes[d - 1];
        depth[size] = (short) d;
        path[d] = size++;
      }
      int last = path[bytes.length];
      twin[id] = token[last];
      token[last] = id;
      before = bytes;
    }
    for (int d = 0; d <= before.length; d++) {
      end[path[d]] = size;
    }
  }

  private static int common(byte[] a, byte[] b) {
    int n = Arrays.mismatch(a, b);
    return n < 0 ? a.length : n;
  }

  public int vocabSize() {
    return vocabSize;
  }

  /** The length of the longest token in bytes. */
  public int maxLength() {
    return maxLength;
  }

  public int size() {
    return label.length;
  }

  /** The child of {@code entry} for a byte, or -1. */
  public int child(int entry, int unsignedByte) {
    for (int i = entry + 1; i < end[entry]; i = end[i]) {
      int its = label[i] & 0xFF;
      if (its >= unsignedByte) {
        return its == unsignedByte ? i : -1;
      }
    }
    return -1;
  }

  /** A token that ends at the entry, or -1. */
  public int token(int entry) {
    return token[entry];
  }
}

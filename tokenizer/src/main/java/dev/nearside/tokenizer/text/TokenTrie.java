package dev.nearside.tokenizer.text;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import java.util.Arrays;

/**
 * A set of texts with values, walked character by character (UTF-16 units). Texts longer than
 * {@link #MAX_LENGTH} are left out: no walk is longer, so that matching stays linear in the text
 * even for a hostile vocabulary.
 */
public final class TokenTrie {
  public static final int MAX_LENGTH = 1024;

  /** Four times what the largest published vocabulary has. */
  private static final int MAX_NODES = 1 << 23;

  public static final int ROOT = 0;
  public static final int NONE = -1;

  private final LongIntMap edges;
  private int[] values = new int[16];
  private int nodes = 1;

  public TokenTrie(int expectedTexts) {
    edges = new LongIntMap(expectedTexts);
    values[ROOT] = NONE;
  }

  /** Adds a text; a later value replaces an earlier one. Says whether the text was added. */
  public boolean add(String text, int value) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    int node = ROOT;
    for (int i = 0; i < text.length(); i++) {
      long edge = edge(node, text.charAt(i));
      int next = edges.get(edge);
      if (next == LongIntMap.ABSENT) {
        next = newNode();
        edges.putIfAbsent(edge, next);
      }
      node = next;
    }
    values[node] = value;
    return true;
  }

  /** The node below {@code node} along {@code c}, or {@link #NONE}. */
  public int step(int node, char c) {
    return edges.get(edge(node, c));
  }

  /** The value of the text that ends at {@code node}, or {@link #NONE}. */
  public int value(int node) {
    return values[node];
  }

  private int newNode() {
    if (nodes == MAX_NODES) {
      throw new TokenizerException(
          Fault.of("the vocabulary's texts are too long together")
              .expected("at most " + MAX_NODES + " different beginnings of tokens"));
    }
    if (nodes == values.length) {
      values = Arrays.copyOf(values, nodes * 2);
    }
    values[nodes] = NONE;
    return nodes++;
  }

  private static long edge(int node, char c) {
    return ((long) node << 16) | c;
  }
}

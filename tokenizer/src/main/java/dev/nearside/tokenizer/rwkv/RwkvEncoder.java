package dev.nearside.tokenizer.rwkv;

import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.TokenTrie;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * RWKV's World vocabulary: from the left, always the longest token that fits, byte by byte. Tokens
 * are stored escaped ({@code \n}, {@code \xe4}), for they need not be text.
 */
public final class RwkvEncoder implements WordEncoder {
  private final TokenTrie trie;
  private final int unknown;

  /**
   * @param unknown for a byte that no token begins with, or -1 to leave it out
   */
  public RwkvEncoder(Vocabulary vocabulary, int unknown) {
    this.unknown = unknown;
    trie = new TokenTrie(vocabulary.size());
    for (int id = 0; id < vocabulary.size(); id++) {
      trie.add(latin1(bytes(vocabulary.text(id))), id);
    }
  }

  @Override
  public void encode(String text, IntList out) {
    String bytes = latin1(text.getBytes(StandardCharsets.UTF_8));
    int at = 0;
    while (at < bytes.length()) {
      int node = TokenTrie.ROOT;
      int found = TokenTrie.NONE;
      int end = at + 1;
      for (int i = at; i < bytes.length(); i++) {
        node = trie.step(node, bytes.charAt(i));
        if (node == TokenTrie.NONE) {
          break;
        }
        if (trie.value(node) != TokenTrie.NONE) {
          found = trie.value(node);
          end = i + 1;
        }
      }
      if (found != TokenTrie.NONE) {
        out.add(found);
      } else if (unknown >= 0) {
        out.add(unknown);
      }
      at = end;
    }
  }

  /** The bytes of an escaped token. */
  public static byte[] bytes(String escaped) {
    byte[] in = escaped.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    int i = 0;
    while (i < in.length) {
      boolean escape = in[i] == '\\' && i + 1 < in.length;
      int hex = escape && in[i + 1] == 'x' ? hex(in, i + 2) : -1;
      if (hex >= 0) {
        out.write(hex);
        i += 4;
      } else if (escape) {
        out.write(unescaped(in[i + 1]));
        i += 2;
      } else {
        out.write(in[i]);
        i++;
      }
    }
    return out.toByteArray();
  }

  private static int unescaped(byte letter) {
    return switch (letter) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> letter;
    };
  }

  private static int hex(byte[] in, int at) {
    int high = at + 1 < in.length ? Character.digit(in[at], 16) : -1;
    int low = at + 1 < in.length ? Character.digit(in[at + 1], 16) : -1;
    return high < 0 || low < 0 ? -1 : (high << 4 | low);
  }

  /** One character per byte, so that a trie of characters can hold bytes. */
  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}

package dev.nearside.tokenizer.core;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.text.TextIndex;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The tokens by id and by text. */
public final class Vocabulary {
  private final String[] texts;
  private final TokenKind[] kinds;
  private final TextIndex ids;

  /**
   * @param texts the stored text by id
   * @param kinds the kind by id, as many as texts
   */
  public Vocabulary(String[] texts, TokenKind[] kinds) {
    this.texts = texts;
    this.kinds = kinds;
    // Of two tokens with one text the later is found, as in llama.cpp; holes have no text.
    this.ids = new TextIndex(texts, id -> !texts[id].isEmpty());
  }

  public int size() {
    return texts.length;
  }

  /** The stored text of {@code id}, which must be in range. */
  public String text(int id) {
    return texts[check(id)];
  }

  /** Ids by text, of those alone that {@code isIn} lets in. */
  public Map<String, Integer> ids(IntPredicate isIn) {
    return new TextIndex(texts, isIn);
  }

  public TokenKind kind(int id) {
    return kinds[check(id)];
  }

  /** The id of the stored text, or null. */
  public @Nullable Integer id(String text) {
    return ids.get(text);
  }

  /** The token for one byte in SentencePiece's notation, {@code <0x0A>}, or -1. */
  public int byteToken(int unsignedByte) {
    Integer id = ids.get(byteText(unsignedByte));
    return id == null ? -1 : id;
  }

  /** SentencePiece's notation for a byte, 0 to 255. */
  public static String byteText(int unsignedByte) {
    String hex = "0123456789ABCDEF";
    return "<0x" + hex.charAt(unsignedByte >> 4) + hex.charAt(unsignedByte & 15) + ">";
  }

  /** The byte that {@code text} names in SentencePiece's notation, or -1. */
  public static int byteOf(String text) {
    if (text.length() != 6 || !text.startsWith("<0x") || text.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(text.charAt(3), 16);
    int low = Character.digit(text.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private int check(int id) {
    if (id < 0 || id >= texts.length) {
      throw new TokenizerException(
          Fault.of("no such token").got(id).expected("0 to " + (texts.length - 1)));
    }
    return id;
  }
}

package dev.nearside.tokenizer.bpe;

import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.text.ByteAlphabet;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.WordCache;
import java.nio.charset.StandardCharsets;

/**
 * Byte-level BPE: the first symbols are the UTF-8 bytes of the word, written in the vocabulary with
 * GPT-2's stand-ins ({@link ByteAlphabet}).
 */
public final class ByteBpe implements WordEncoder {
  private final BpeModel model;
  private final boolean wholeWords;
  private final int[] symbolOfByte = new int[256];
  private final WordCache cache = new WordCache();

  /**
   * @param wholeWords whether a word that is a token is taken whole, without merging ({@code
   *     ignore_merges})
   */
  public ByteBpe(BpeModel model, boolean wholeWords) {
    this.model = model;
    this.wholeWords = wholeWords;
    for (int b = 0; b < 256; b++) {
      symbolOfByte[b] = model.symbol(String.valueOf(ByteAlphabet.charOf(b)));
    }
  }

  @Override
  public void encode(String word, IntList out) {
    int[] known = cache.get(word);
    if (known == null) {
      known = compute(word);
      cache.put(word, known);
    }
    out.addAll(known);
  }

  private int[] compute(String word) {
    if (wholeWords) {
      Integer whole = model.ids().get(ByteAlphabet.encode(word));
      if (whole != null) {
        return new int[] {whole};
      }
    }
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    int[] symbols = new int[bytes.length];
    int count = 0;
    for (byte b : bytes) {
      int symbol = symbolOfByte[b & 0xFF];
      // A byte that the vocabulary can't write is left out, as the reference libraries do.
      if (symbol >= 0) {
        symbols[count++] = symbol;
      }
    }
    IntList out = new IntList(count);
    model.merge(symbols, 0, count, out);
    return out.toArray();
  }
}

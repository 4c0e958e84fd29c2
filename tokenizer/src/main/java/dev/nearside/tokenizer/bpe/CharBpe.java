package dev.nearside.tokenizer.bpe;

import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.LongIntMap;
import dev.nearside.tokenizer.text.WordCache;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * BPE over characters. A character that is no token becomes the tokens of its bytes ({@code
 * <0xE4>}), or else the unknown token, or is left out.
 */
public final class CharBpe implements WordEncoder {

  /**
   * What to do with unknown characters, and how parts of words are marked.
   *
   * @param wholeWords whether a word that is a token is taken whole ({@code ignore_merges})
   * @param byteFallback whether byte tokens are tried
   * @param partialBytes whether bytes that have no token are left out alone; otherwise one missing
   *     byte makes the character unknown
   * @param unknown the unknown token's id, or -1
   * @param fuseUnknown whether neighbouring unknown characters become one unknown token
   * @param wordPrefix put before characters that don't begin a word, mostly empty
   * @param wordSuffix put after the last character of a word, mostly empty
   */
  public record Options(
      boolean wholeWords,
      boolean byteFallback,
      boolean partialBytes,
      int unknown,
      boolean fuseUnknown,
      String wordPrefix,
      String wordSuffix) {

    boolean marksParts() {
      return !wordPrefix.isEmpty() || !wordSuffix.isEmpty();
    }
  }

  private final BpeModel model;
  private final Options options;
  private final LongIntMap symbolOfChar;
  private final int[] byteTokens = new int[256];
  private final WordCache cache = new WordCache();

  public CharBpe(BpeModel model, Options options) {
    this.model = model;
    this.options = options;
    symbolOfChar = new LongIntMap(1024);
    for (Map.Entry<String, Integer> token : model.ids().entrySet()) {
      String text = token.getKey();
      if (!text.isEmpty() && text.length() == Character.charCount(text.codePointAt(0))) {
        symbolOfChar.put(text.codePointAt(0), token.getValue());
      }
    }
    for (int b = 0; b < 256; b++) {
      byteTokens[b] = model.ids().getOrDefault(Vocabulary.byteText(b), -1);
    }
  }

  @Override
  public void encode(String word, IntList out) {
    if (options.wholeWords()) {
      Integer whole = model.ids().get(word);
      if (whole != null) {
        out.add(whole);
        return;
      }
    }
    Symbols symbols = new Symbols(word.length());
    if (symbols.read(word)) {
      encodeCutting(word, symbols, out);
    } else {
      model.merge(symbols.items, 0, symbols.count, out);
    }
  }

  /** Every character is one symbol: cut the text and remember what the pieces become. */
  private void encodeCutting(String word, Symbols symbols, IntList out) {
    int[] items = symbols.items;
    int start = 0;
    int startChar = 0;
    int endChar = 0;
    for (int i = 0; i < symbols.count; i++) {
      endChar += Character.charCount(word.codePointAt(endChar));
      if (i + 1 < symbols.count && model.mayMeet(items[i], items[i + 1])) {
        continue;
      }
      if (i == start) {
        model.merge(items, start, i + 1, out);
      } else {
        String piece = word.substring(startChar, endChar);
        int[] known = cache.get(piece);
        if (known == null) {
          IntList fresh = new IntList();
          model.merge(items, start, i + 1, fresh);
          known = fresh.toArray();
          // With marked parts the same letters give other symbols elsewhere in a word.
          if (!options.marksParts()) {
            cache.put(piece, known);
          }
        }
        out.addAll(known);
      }
      start = i + 1;
      startChar = endChar;
    }
  }

  /** The first symbols of a word. */
  private final class Symbols {
    private int[] items;
    private int count;
    private boolean unknownPending;

    Symbols(int capacity) {
      items = new int[Math.max(8, capacity)];
    }

    /** Fills the list; says whether every character became exactly one symbol of its own. */
    boolean read(String word) {
      boolean plain = true;
      for (int i = 0; i < word.length(); ) {
        int c = word.codePointAt(i);
        int next = i + Character.charCount(c);
        int symbol = options.marksParts() ? marked(word, i, next) : symbol(c);
        if (symbol >= 0) {
          flushUnknown();
          add(symbol);
        } else {
          plain = false;
          replace(word.substring(i, next));
        }
        i = next;
      }
      flushUnknown();
      return plain;
    }

    private int symbol(int c) {
      int symbol = symbolOfChar.get(c);
      return symbol >= 0 ? symbol : model.symbol(Character.toString(c));
    }

    private int marked(String word, int from, int to) {
      String prefix = from == 0 ? "" : options.wordPrefix();
      String suffix = to < word.length() ? "" : options.wordSuffix();
      return model.symbol(prefix + word.substring(from, to) + suffix);
    }

    private void replace(String character) {
      if (options.byteFallback() && addBytes(character)) {
        return;
      }
      if (options.unknown() >= 0) {
        if (!options.fuseUnknown()) {
          flushUnknown();
        }
        unknownPending = true;
      }
    }

    private boolean addBytes(String character) {
      byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
      if (!options.partialBytes()) {
        for (byte b : bytes) {
          if (byteTokens[b & 0xFF] < 0) {
            return false;
          }
        }
      }
      for (byte b : bytes) {
        if (byteTokens[b & 0xFF] >= 0) {
          add(byteTokens[b & 0xFF]);
        }
      }
      return true;
    }

    private void flushUnknown() {
      if (unknownPending) {
        add(options.unknown());
        unknownPending = false;
      }
    }

    private void add(int symbol) {
      if (count == items.length) {
        items = java.util.Arrays.copyOf(items, count * 2);
      }
      items[count++] = symbol;
    }
  }
}

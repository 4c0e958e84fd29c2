package dev.nearside.tokenizer.sentencepiece;

import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.bpe.MergeLoop;
import dev.nearside.tokenizer.bpe.NeighbourFilter;
import dev.nearside.tokenizer.core.Vocabulary;
import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.WordCache;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * SentencePiece's BPE: neighbours join when their texts together are a token, the token with the
 * highest score first (bpe_model.cc of google/sentencepiece). Characters that are no token become
 * byte tokens, or else the unknown token. Control tokens are never the result of a merge.
 */
public final class SpmEncoder implements WordEncoder {
  private final Map<String, Integer> pieces;
  private final int[] order;
  private final NeighbourFilter filter = new NeighbourFilter();
  private final int[] byteTokens = new int[256];
  private final int unknown;
  private final int longest;
  private final WordCache cache = new WordCache();

  /**
   * @param scores one per token, higher joins earlier
   * @param unknown the unknown token's id, or -1
   */
  public SpmEncoder(Vocabulary vocabulary, float[] scores, int unknown) {
    this.unknown = unknown;
    pieces = vocabulary.ids(id -> isPiece(vocabulary.kind(id)));
    order = new int[vocabulary.size()];
    int max = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      order[id] = ascending(-scores[id]);
      if (isPiece(vocabulary.kind(id))) {
        String text = vocabulary.text(id);
        max = Math.max(max, text.length());
        allowNeighbours(text);
      }
    }
    longest = max;
    for (int b = 0; b < 256; b++) {
      int token = vocabulary.byteToken(b);
      Integer plain = b < 0x80 ? pieces.get(String.valueOf((char) b)) : null;
      byteTokens[b] = token >= 0 || plain == null ? token : plain;
    }
  }

  @Override
  public void encode(String word, IntList out) {
    int start = 0;
    int previous = -1;
    for (int i = 0; i < word.length(); ) {
      int c = word.codePointAt(i);
      if (previous >= 0 && !filter.mayMeet(previous, c)) {
        encodePiece(word.substring(start, i), out);
        start = i;
      }
      previous = c;
      i += Character.charCount(c);
    }
    if (start < word.length()) {
      encodePiece(word.substring(start), out);
    }
  }

  private void encodePiece(String text, IntList out) {
    int[] known = cache.get(text);
    if (known == null) {
      IntList fresh = new IntList();
      merge(text, fresh);
      known = fresh.toArray();
      cache.put(text, known);
    }
    out.addAll(known);
  }

  private void merge(String text, IntList out) {
    Loop loop = new Loop(text, text.codePointCount(0, text.length()));
    loop.run();
    for (int i = 0; i < loop.count; i = loop.next(i)) {
      emit(text.substring(loop.starts[i], loop.ends[i]), out);
    }
  }

  private void emit(String piece, IntList out) {
    Integer id = pieces.get(piece);
    if (id != null) {
      out.add(id);
      return;
    }
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      if (byteTokens[b & 0xFF] < 0) {
        if (unknown >= 0) {
          out.add(unknown);
        }
        return;
      }
    }
    for (byte b : bytes) {
      out.add(byteTokens[b & 0xFF]);
    }
  }

  private void allowNeighbours(String text) {
    int previous = -1;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (previous >= 0) {
        filter.allow(previous, c);
      }
      previous = c;
      i += Character.charCount(c);
    }
  }

  private static boolean isPiece(TokenKind kind) {
    return switch (kind) {
      case NORMAL, USER_DEFINED, UNUSED -> true;
      case UNKNOWN, CONTROL, BYTE -> false;
    };
  }

  /** An int that sorts as the float does; NaN comes last. */
  private static int ascending(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    int sorted = bits ^ (bits >> 31 & 0x7FFFFFFF);
    return Math.min(sorted, Integer.MAX_VALUE - 1);
  }

  /** Symbols are stretches of the text. */
  private final class Loop extends MergeLoop {
    private final String text;
    private final int count;
    private final int[] starts;
    private final int[] ends;

    Loop(String text, int count) {
      super(count);
      this.text = text;
      this.count = count;
      starts = new int[count];
      ends = new int[count];
      int at = 0;
      for (int i = 0; i < count; i++) {
        starts[i] = at;
        at += Character.charCount(text.codePointAt(at));
        ends[i] = at;
      }
    }

    @Override
    protected int rank(int left, int right) {
      if (ends[right] - starts[left] > longest) {
        return NEVER;
      }
      Integer id = pieces.get(text.substring(starts[left], ends[right]));
      return id == null ? NEVER : order[id];
    }

    @Override
    protected void join(int left, int right) {
      ends[left] = ends[right];
    }
  }
}

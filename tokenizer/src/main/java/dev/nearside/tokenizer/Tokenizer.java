package dev.nearside.tokenizer;

import java.util.OptionalInt;

/**
 * Text to token ids and back, for one vocabulary.
 *
 * <p>Implementations are immutable from the outside and may be used by many threads at once; an
 * {@link IncrementalDecoder} belongs to one thread. Ids are {@code 0 <= id < vocabSize()}; any
 * other id is a {@link TokenizerException}, never an ArrayIndexOutOfBoundsException.
 */
public interface Tokenizer {

  /** How many ids there are, holes in the numbering included. */
  int vocabSize();

  /**
   * The ids of {@code text}. Unpaired surrogates count as U+FFFD. Time is at most {@code O(n log
   * n)} in the length of the text, whatever its shape.
   */
  int[] encode(String text, EncodeOptions options);

  /**
   * The text of {@code ids}. Bytes that are no UTF-8 become U+FFFD. An id out of range is a {@link
   * TokenizerException}.
   */
  String decode(int[] ids, DecodeOptions options);

  /** The text of {@code ids} without control tokens. */
  default String decode(int[] ids) {
    return decode(ids, DecodeOptions.PLAIN);
  }

  /** The bytes that this token adds to the output; empty for control, unknown and unused tokens. */
  byte[] tokenBytes(int id);

  /**
   * The token as the vocabulary stores it, for instance {@code Ġthe}, {@code ▁the}, {@code <s>}.
   */
  String tokenText(int id);

  TokenKind kind(int id);

  /** Beginning, end and the other tokens with a role. */
  SpecialTokens specials();

  /** The id whose stored text is exactly {@code tokenText}. */
  OptionalInt id(String tokenText);

  /** A decoder for a stream of ids; see {@link IncrementalDecoder}. */
  IncrementalDecoder newDecoder(DecodeOptions options);

  /** A decoder for a stream of ids that leaves control tokens out. */
  default IncrementalDecoder newDecoder() {
    return newDecoder(DecodeOptions.PLAIN);
  }
}

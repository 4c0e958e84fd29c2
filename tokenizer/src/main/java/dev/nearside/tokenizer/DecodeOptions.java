package dev.nearside.tokenizer;

/**
 * How to decode.
 *
 * @param skipSpecial whether control and unknown tokens are left out; otherwise they appear as
 *     their text
 * @param continuation whether the ids go on from earlier text; then the space that SentencePiece
 *     puts before the first word is kept
 */
public record DecodeOptions(boolean skipSpecial, boolean continuation) {

  /** Text for people: no control tokens. */
  public static final DecodeOptions PLAIN = new DecodeOptions(true, false);

  /** Everything visible, control tokens as their text. */
  public static final DecodeOptions VISIBLE = new DecodeOptions(false, false);
}

package dev.nearside.tokenizer;

/**
 * How to encode.
 *
 * @param parseSpecial whether text such as {@code <|im_end|>} becomes the control token; false for
 *     anything that a user or a document wrote
 * @param addSpecial whether the vocabulary's own beginning and end tokens are added
 */
public record EncodeOptions(boolean parseSpecial, boolean addSpecial) {

  /** Plain text: nothing added, nothing parsed. */
  public static final EncodeOptions TEXT = new EncodeOptions(false, false);

  /** A rendered chat template: control tokens are parsed; the template has its own beginning. */
  public static final EncodeOptions TEMPLATE = new EncodeOptions(true, false);

  /** A raw prompt for completion: control tokens are parsed, the beginning is added. */
  public static final EncodeOptions PROMPT = new EncodeOptions(true, true);

  /** Text to embed or score: beginning and end are added, nothing is parsed. */
  public static final EncodeOptions DOCUMENT = new EncodeOptions(false, true);
}

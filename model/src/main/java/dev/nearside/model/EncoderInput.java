package dev.nearside.model;

import dev.nearside.base.Fault;

/**
 * What an {@link EncoderModel} reads: a text, or two of them side by side.
 *
 * @param ids token ids, special ones among them
 * @param secondFrom where the second text begins, for models that tell them apart; the number of
 *     ids for a single text
 */
public record EncoderInput(int[] ids, int secondFrom) {
  public EncoderInput {
    if (ids.length == 0 || secondFrom < 0 || secondFrom > ids.length) {
      throw new ModelException(
          Fault.of("an encoder's input makes no sense")
              .got(ids.length + " tokens, the second text from " + secondFrom)
              .expected("at least one token"));
    }
  }

  /** A single text. */
  public static EncoderInput of(int... ids) {
    return new EncoderInput(ids, ids.length);
  }

  public int length() {
    return ids.length;
  }
}

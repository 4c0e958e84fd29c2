package dev.nearside.tensor.kernel;

/**
 * The shape of one attention layer of an encoder, where tokens see what stands before and after
 * them. Every query head has its own key and value head.
 *
 * @param heads heads of queries, keys and values
 * @param headDim elements of a head
 * @param scale factor on the scores
 * @param reach a token sees so many positions to either side, and itself; 0 = all
 */
public record EncoderSpec(int heads, int headDim, float scale, int reach) {
  /** Values of a token's query, key or value. */
  public int width() {
    return heads * headDim;
  }
}

package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 weights in 18 bytes (4.5 bits each): {@code w = d * codebook[q]}, 16 levels that lie denser
 * around zero.
 *
 * <pre>
 *  0      2                    18
 *  +------+--------------------+
 *  | d    | qs                 |   d   float16
 *  +------+--------------------+   qs  byte j: q[j] low nibble, q[j + 16] high nibble
 * </pre>
 *
 * <p>Source: {@code block_iq4_nl} and {@code kvalues_iq4nl} in ggml-common.h.
 */
final class Iq4Nl extends BlockFormat {
  private static final byte[] CODEBOOK = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  Iq4Nl() {
    super(TensorType.IQ4_NL);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    decodeNibbles(b, at + 2, Bytes.f16(b, at), y, to);
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, RandomBlocks.signed(d, dice));
  }

  /** 32 weights from the 16 bytes at {@code qs}. */
  static void decodeNibbles(byte[] b, int qs, float d, float[] y, int to) {
    for (int j = 0; j < 16; j++) {
      int q = b[qs + j];
      y[to + j] = CODEBOOK[q & 15] * d;
      y[to + j + 16] = CODEBOOK[q >> 4 & 15] * d;
    }
  }
}

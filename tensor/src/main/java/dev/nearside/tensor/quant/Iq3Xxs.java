package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 98 bytes (3.0625 bits each), 8 sub-blocks of 32: {@code w = ±(d * (0.5 + sc) *
 * 0.5) * grid}, four weights at a time from a codebook of 256 points.
 *
 * <pre>
 *  0      2                          66                    98
 *  +------+--------------------------+---------------------+
 *  | d    | qs                       | words               |   d  float16
 *  +------+--------------------------+---------------------+
 *  qs     a grid index for each group of four
 *  words  uint32 for each sub-block: bits 7l and up: seven signs of its eight weights 8l … (the
 *         eighth is their parity); bits 28 … 31: sc
 * </pre>
 *
 * <p>Source: {@code block_iq3_xxs} and {@code iq3xxs_grid} in ggml-common.h.
 */
final class Iq3Xxs extends BlockFormat {
  Iq3Xxs() {
    super(TensorType.IQ3_XXS);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    byte[] grid = Points.GRID;
    for (int sub = 0; sub < 8; sub++) {
      int word = Bytes.i32(b, at + 66 + sub * 4);
      float step = d * (0.5f + (word >>> 28)) * 0.5f;
      for (int l = 0; l < 4; l++) {
        int signs = Grid.signs(word >>> (7 * l) & 127);
        int qs = at + 2 + sub * 8 + l * 2;
        int out = to + sub * 32 + l * 8;
        Grid.put(grid, Bytes.u8(b, qs) * 4, 4, step, signs, y, out);
        Grid.put(grid, Bytes.u8(b, qs + 1) * 4, 4, step, signs >> 4, y, out + 4);
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, d);
  }

  /** Loaded with the first block. */
  private static final class Points {
    static final byte[] GRID =
        Grid.ofOctal(
            """
            0000 0002 0004 0011 0013 0017 0020 0022 0031 0042 0073 0075 0101 0103 0110 0112
            0121 0125 0130 0132 0141 0154 0170 0200 0202 0204 0211 0220 0222 0231 0233 0237
            0251 0257 0275 0301 0307 0310 0312 0325 0370 0413 0437 0444 0457 0473 0475 0501
            0507 0532 0552 0635 0664 0710 0714 0716 0743 0761 1001 1003 1010 1012 1021 1023
            1030 1032 1034 1047 1050 1100 1102 1111 1120 1122 1201 1203 1210 1212 1221 1230
            1272 1300 1302 1320 1331 1346 1366 1401 1405 1450 1520 1524 1546 1571 1605 1722
            1740 2000 2002 2011 2013 2020 2022 2026 2031 2042 2101 2103 2105 2110 2112 2121
            2130 2163 2167 2170 2200 2202 2211 2217 2220 2222 2237 2240 2255 2301 2310 2314
            2370 2374 2435 2453 2503 2527 2541 2574 2701 2703 2716 2745 3001 3010 3012 3021
            3023 3050 3065 3072 3100 3102 3120 3131 3144 3146 3201 3203 3210 3225 3252 3272
            3311 3333 3430 3447 3472 3500 3506 3522 3555 3614 3636 3663 3733 3760 4004 4017
            4035 4037 4053 4057 4174 4220 4237 4240 4260 4266 4307 4345 4404 4451 4464 4525
            4543 4570 4705 4710 4712 4730 5012 5041 5070 5100 5106 5126 5155 5214 5232 5272
            5302 5353 5410 5423 5427 5472 5502 5531 5650 5724 5742 6024 6044 6046 6064 6121
            6161 6217 6264 6330 6336 6444 6505 6552 6633 6703 6721 7003 7005 7007 7010 7032
            7052 7126 7140 7212 7245 7252 7300 7315 7333 7360 7421 7441 7500 7502 7524 7630
            """,
            4,
            12,
            20,
            28,
            36,
            44,
            52,
            62);
  }
}

package dev.nearside.tensor.quant;

/**
 * Reads the codebooks of the IQ formats, written beside each format as numbers with one digit group
 * per element, element 0 lowest.
 *
 * <p>Signs of IQ2 and IQ3 weights come in bytes, bit j set for a negative element j. Where a format
 * keeps seven bits only, the eighth makes the number of set bits even.
 */
final class Grid {
  private Grid() {}

  /** Points of eight elements, two bits each, four hexadecimal digits a point. */
  static byte[] ofHex(String text, int... levels) {
    return parse(text, 16, 8, 2, levels);
  }

  /** Points of four elements, three bits each: four octal digits a point. */
  static byte[] ofOctal(String text, int... levels) {
    return parse(text, 8, 4, 3, levels);
  }

  private static byte[] parse(String text, int radix, int elems, int bits, int[] levels) {
    String[] points = text.strip().split("\\s+", -1);
    byte[] grid = new byte[points.length * elems];
    int mask = (1 << bits) - 1;
    for (int p = 0; p < points.length; p++) {
      int code = Integer.parseInt(points[p], radix);
      for (int j = 0; j < elems; j++) {
        grid[p * elems + j] = (byte) levels[code >> (bits * j) & mask];
      }
    }
    return grid;
  }

  /** Eight signs from seven: the eighth is the parity of the others. */
  static int signs(int seven) {
    return seven | (Integer.bitCount(seven) & 1) << 7;
  }

  /** Writes {@code count} elements of a grid times {@code d}, negative where a sign bit is set. */
  static void put(byte[] grid, int point, int count, float d, int signs, float[] y, int to) {
    for (int j = 0; j < count; j++) {
      float v = d * grid[point + j];
      y[to + j] = (signs >> j & 1) != 0 ? -v : v;
    }
  }
}

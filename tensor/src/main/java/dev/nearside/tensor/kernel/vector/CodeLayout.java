package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.kernel.codes.CodeReader;

/**
 * How the unsigned codes of 32 columns are packed into 32-bit words, one word per row and lane. A
 * kernel masks a code where it stands and converts it to float without a shift; the activation it
 * is multiplied by has been scaled by the opposite power of two.
 */
enum CodeLayout {
  /** Eight nibbles in a word, four words: column {@code 8 w + j} in bits {@code 4 j …}. */
  NIBBLES(4, 8),
  /**
   * Six codes of 5 bits in a word, five words: column {@code 6 w + j} in bits {@code 5 j …};
   * columns 30 and 31 make a number of ten bits, {@code c30 + 32 c31}, bits {@code 2 w …} of which
   * are the top of word w.
   */
  FIVES(5, 6),
  /**
   * Five codes of 6 bits in a word, two times three words: column {@code 16 h + 5 w + j} in bits
   * {@code 6 j …} of word {@code 3 h + w}; column {@code 16 h + 15} in the tops of the three.
   */
  SIXES(6, 5),
  /** Four bytes in a word, eight words: column {@code 4 w + j} in bits {@code 8 j …}. */
  BYTES(8, 4);

  /** Words of a row's 32 columns: also the bits of a code. */
  final int words;

  private final int perWord;

  CodeLayout(int words, int perWord) {
    this.words = words;
    this.perWord = perWord;
  }

  /** The smallest layout that holds a format's codes. */
  static CodeLayout of(CodeReader reader) {
    int range = reader.maxCode() - reader.minCode();
    return range < 16 ? NIBBLES : range < 32 ? FIVES : range < 64 ? SIXES : BYTES;
  }

  /** Packs 32 codes, lowered by {@code zero}, into {@code into[at …]}. */
  void pack(byte[] codes, int first, int zero, int[] into, int at) {
    switch (this) {
      case NIBBLES, BYTES -> {
        for (int w = 0; w < words; w++) {
          into[at + w] = word(codes, first + w * perWord, zero);
        }
      }
      case FIVES -> {
        int rest = (codes[first + 30] - zero) | ((codes[first + 31] - zero) << 5);
        for (int w = 0; w < 5; w++) {
          into[at + w] = word(codes, first + w * 6, zero) | ((rest >>> (2 * w)) << 30);
        }
      }
      case SIXES -> {
        for (int half = 0; half < 2; half++) {
          int from = first + half * 16;
          int rest = codes[from + 15] - zero;
          for (int w = 0; w < 3; w++) {
            into[at + half * 3 + w] = word(codes, from + w * 5, zero) | ((rest >>> (2 * w)) << 30);
          }
        }
      }
    }
  }

  /** The opposite of {@link #pack}. */
  void unpack(int[] words, int zero, byte[] codes, int first) {
    switch (this) {
      case NIBBLES, BYTES -> {
        for (int w = 0; w < this.words; w++) {
          fields(words[w], zero, codes, first + w * perWord);
        }
      }
      case FIVES -> {
        int rest = 0;
        for (int w = 0; w < 5; w++) {
          fields(words[w], zero, codes, first + w * 6);
          rest |= (words[w] >>> 30) << (2 * w);
        }
        codes[first + 30] = (byte) ((rest & 31) + zero);
        codes[first + 31] = (byte) ((rest >> 5) + zero);
      }
      case SIXES -> {
        for (int half = 0; half < 2; half++) {
          int rest = 0;
          for (int w = 0; w < 3; w++) {
            int word = words[half * 3 + w];
            fields(word, zero, codes, first + half * 16 + w * 5);
            rest |= (word >>> 30) << (2 * w);
          }
          codes[first + half * 16 + 15] = (byte) (rest + zero);
        }
      }
    }
  }

  private void fields(int word, int zero, byte[] codes, int from) {
    for (int j = 0; j < perWord; j++) {
      codes[from + j] = (byte) (((word >>> (words * j)) & ((1 << words) - 1)) + zero);
    }
  }

  private int word(byte[] codes, int from, int zero) {
    int word = 0;
    for (int j = 0; j < perWord; j++) {
      word |= (codes[from + j] - zero) << (words * j);
    }
    return word;
  }

  /**
   * What each of 32 activations is multiplied by: 2 to minus the bit at which a kernel leaves its
   * code. Codes that it shifts down have factor 1.
   */
  float[] factors() {
    float[] out = new float[32];
    for (int k = 0; k < 32; k++) {
      int shift =
          switch (this) {
            case NIBBLES, BYTES -> k % perWord == perWord - 1 ? 0 : words * (k % perWord);
            case FIVES -> k < 30 ? 5 * (k % 6) : 0;
            case SIXES -> k % 16 < 15 ? 6 * (k % 16 % 5) : 0;
          };
      out[k] = Math.scalb(1f, -shift);
    }
    return out;
  }
}

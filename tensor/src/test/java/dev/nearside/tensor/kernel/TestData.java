package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Seeded weights and values, ordinary and extreme, and comparison to the bit. */
final class TestData {
  /** What the blocks of a weight matrix hold. */
  enum Fill {
    ORDINARY,
    /** Any finite scale: zero, subnormal, largest. */
    ANY_SCALE,
    /** All code bits set. */
    HIGHEST,
    /** All code bits clear. */
    LOWEST
  }

  private TestData() {}

  static MemorySegment weights(
      Arena arena, TensorType type, int rows, int cols, Fill fill, Random random) {
    int size = type.blockBytes();
    long blocks = (long) rows * cols / type.blockElems();
    MemorySegment out = arena.allocate(Math.max(1, blocks * size), 64);
    byte[] block = new byte[size];
    for (long b = 0; b < blocks; b++) {
      switch (fill) {
        case ORDINARY, ANY_SCALE -> random.nextBytes(block);
        case HIGHEST -> java.util.Arrays.fill(block, (byte) -1);
        case LOWEST -> java.util.Arrays.fill(block, (byte) 0);
      }
      for (int at : halves(type)) {
        int high = fill == Fill.ANY_SCALE ? random.nextInt(256) : random.nextInt(4) * 64 + 0x28;
        block[at] = (byte) ((high & 0x7C) == 0x7C ? high & 0xFB : high);
      }
      switch (type) {
        case F32 -> {
          float v = (random.nextInt(0x10000) - 0x8000) / 8192f;
          MemorySegment.ofArray(block).set(Floats.LAYOUT, 0, v);
        }
        case BF16 -> block[1] &= (byte) 0xBF;
        case MXFP4 -> block[0] = (byte) (fill == Fill.ANY_SCALE ? block[0] & 0xBF : 120);
        default -> {}
      }
      MemorySegment.copy(block, 0, out, ValueLayout.JAVA_BYTE, b * size, size);
    }
    return out;
  }

  /** Where the high bytes of the f16 fields of a block are. */
  private static int[] halves(TensorType type) {
    return switch (type) {
      case F16, Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> new int[] {1};
      case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {1, 3};
      case Q2_K -> new int[] {81, 83};
      case Q3_K -> new int[] {109};
      case Q6_K -> new int[] {209};
      default -> new int[0];
    };
  }

  /** Values around 1 with, here and there, zeros, zero blocks, tiny and huge ones. */
  static float[] activations(int n, Random random) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = (float) random.nextGaussian();
      if (i % 96 < 32) {
        out[i] *= Math.scalb(1f, random.nextInt(40) - 20);
      }
    }
    for (int block = 0; block + 32 <= n; block += 32) {
      int kind = random.nextInt(12);
      for (int i = block; i < block + 32 && kind < 4; i++) {
        out[i] =
            switch (kind) {
              case 0 -> 0f;
              case 1 -> -0f;
              case 2 -> out[i] * 0x1p-101f;
              default -> Math.copySign(3f, out[i]);
            };
      }
    }
    return out;
  }

  static float[] gaussian(int n, double factor, Random random) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = (float) (random.nextGaussian() * factor);
    }
    return out;
  }

  /** Equal to the bit; any NaN equals any NaN. */
  static void assertSameBits(float[] expected, float[] got, String what) {
    assertEquals(expected.length, got.length, what);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(got[i])) {
        assertEquals(Float.toHexString(expected[i]), Float.toHexString(got[i]), what + " at " + i);
      }
    }
  }
}

package dev.nearside.tensor.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomBlocksTest {
  static List<TensorType> types() {
    return QuantFormats.all().stream().map(QuantFormat::type).toList();
  }

  @ParameterizedTest
  @MethodSource("types")
  void fill_anyType_hasTheDeviationAskedForAndMeanZero(TensorType type) {
    for (double deviation : new double[] {0.002, 0.02, 0.7}) {
      float[] values = values(type, deviation, 1);
      double sum = 0;
      double squares = 0;
      for (float v : values) {
        assertTrue(Float.isFinite(v), "a weight is " + v);
        sum += v;
        squares += (double) v * v;
      }
      double mean = sum / values.length;
      double got = Math.sqrt(squares / values.length - mean * mean);
      assertEquals(deviation, got, 0.1 * deviation, "standard deviation");
      assertEquals(0, mean, 0.05 * deviation, "mean");
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void fill_sameSeed_givesTheSameBytesAndAnotherSeedDoesNot(TensorType type) {
    assertArrayEquals(fill(type, 0.02, 5), fill(type, 0.02, 5));
    assertFalse(Arrays.equals(fill(type, 0.02, 5), fill(type, 0.02, 6)));
  }

  @ParameterizedTest
  @EnumSource(names = {"TQ1_0", "TQ2_0", "Q1_0", "Q2_0", "F16", "BF16", "F32"})
  void fill_typesWithOneEncodingPerValue_areWhatTheEncoderWrites(TensorType type) {
    byte[] blocks = fill(type, 0.02, 9);
    float[] values = values(type, 0.02, 9);
    byte[] again = new byte[blocks.length];
    QuantFormats.requireEncoder(type)
        .encode(values, 0, MemorySegment.ofArray(again), 0, again.length / type.blockBytes());
    assertArrayEquals(blocks, again);
  }

  @Test
  void fill_q8K_sumsMatchTheCodes() {
    byte[] blocks = fill(TensorType.Q8_K, 0.02, 3);
    for (int at = 0; at < blocks.length; at += 292) {
      for (int group = 0; group < 16; group++) {
        int sum = 0;
        for (int j = 0; j < 16; j++) {
          sum += blocks[at + 4 + group * 16 + j];
        }
        assertEquals((short) sum, (short) Bytes.u16(blocks, at + 260 + 2 * group));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1e-12, 1e9, Double.NaN, Double.POSITIVE_INFINITY})
  void fill_deviationOutOfReach_isATypedError(double deviation) {
    assertThrows(TensorException.class, () -> fill(TensorType.Q6_K, deviation, 1));
  }

  @Test
  void fill_partOfABlockOrIntegers_isATypedError() {
    MemorySegment odd = MemorySegment.ofArray(new byte[19]);
    assertThrows(TensorException.class, () -> RandomBlocks.fill(TensorType.Q4_0, odd, 0.02, 1));
    assertThrows(TensorException.class, () -> RandomBlocks.fill(TensorType.I8, odd, 0.02, 1));
  }

  private static byte[] fill(TensorType type, double deviation, long seed) {
    int blocks = Math.max(1, 100_000 / type.blockElems()) + 1;
    byte[] bytes = new byte[blocks * type.blockBytes()];
    RandomBlocks.fill(type, MemorySegment.ofArray(bytes), deviation, seed);
    return bytes;
  }

  private static float[] values(TensorType type, double deviation, long seed) {
    byte[] bytes = fill(type, deviation, seed);
    int blocks = bytes.length / type.blockBytes();
    float[] values = new float[blocks * type.blockElems()];
    QuantFormats.requireDecoder(type).decode(MemorySegment.ofArray(bytes), 0, values, 0, blocks);
    return values;
  }
}

package dev.nearside.tensor.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the index: what holds for every format, and golden vectors for each. */
class QuantFormatsTest {
  private static final Set<TensorType> INTEGERS =
      EnumSet.of(TensorType.I8, TensorType.I16, TensorType.I32, TensorType.I64);

  static List<QuantFormat> formats() {
    return QuantFormats.all();
  }

  static Stream<QuantEncoder> encoders() {
    return formats().stream().flatMap(f -> QuantFormats.encoder(f.type()).stream());
  }

  static List<Golden> golden() {
    return Golden.load();
  }

  @Test
  void index_everyTypeButIntegers_hasOneDecoder() {
    for (TensorType type : TensorType.values()) {
      if (INTEGERS.contains(type)) {
        assertTrue(QuantFormats.decoder(type).isEmpty(), type.name());
        assertThrows(TensorException.class, () -> QuantFormats.requireDecoder(type));
      } else {
        assertEquals(type, QuantFormats.requireDecoder(type).type());
      }
    }
    assertEquals(TensorType.values().length - INTEGERS.size(), formats().size());
  }

  @Test
  void index_encoders_areThePromisedOnes() {
    Set<TensorType> types = encoders().map(QuantEncoder::type).collect(Collectors.toSet());
    assertEquals(
        EnumSet.of(
            TensorType.F32,
            TensorType.F16,
            TensorType.BF16,
            TensorType.Q8_0,
            TensorType.Q5_0,
            TensorType.Q5_1,
            TensorType.Q4_0,
            TensorType.Q4_1,
            TensorType.MXFP4,
            TensorType.NVFP4,
            TensorType.TQ1_0,
            TensorType.TQ2_0,
            TensorType.Q1_0,
            TensorType.Q2_0),
        types);
    assertThrows(TensorException.class, () -> QuantFormats.requireEncoder(TensorType.IQ1_S));
    assertSame(
        QuantFormats.requireDecoder(TensorType.Q4_0), QuantFormats.requireEncoder(TensorType.Q4_0));
  }

  @Test
  void golden_coversEveryQuantisedType() {
    Set<TensorType> decoded =
        golden().stream()
            .filter(g -> g.kind().equals("decode"))
            .map(Golden::type)
            .collect(Collectors.toSet());
    Set<TensorType> expected =
        formats().stream()
            .map(QuantFormat::type)
            // Tested by hand below: no reference decodes them, or there is nothing to decode.
            .filter(t -> t != TensorType.Q8_1 && t != TensorType.F32 && t != TensorType.F64)
            .collect(Collectors.toSet());
    assertEquals(expected, decoded);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void golden_vector_isReproducedBitForBit(Golden golden) {
    if (golden.kind().equals("decode")) {
      float[] got = new float[golden.values().length];
      QuantFormats.requireDecoder(golden.type())
          .decode(MemorySegment.ofArray(golden.blocks()), 0, got, 0, golden.count());
      assertSameBits(golden.values(), got);
    } else {
      byte[] got = new byte[golden.blocks().length];
      QuantFormats.requireEncoder(golden.type())
          .encode(golden.values(), 0, MemorySegment.ofArray(got), 0, golden.count());
      int size = golden.type().blockBytes();
      for (int i = 0; i < golden.count(); i++) {
        assertArrayEquals(
            Arrays.copyOfRange(golden.blocks(), i * size, (i + 1) * size),
            Arrays.copyOfRange(got, i * size, (i + 1) * size),
            "block " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void decode_oddOffsetsOfNativeMemory_writesOnlyItsRange(QuantFormat format) {
    TensorType type = format.type();
    // More than one chunk, and not a whole number of chunks.
    int blocks = 3 * 8192 / type.blockBytes() + 1;
    byte[] bytes = new byte[blocks * type.blockBytes()];
    new Random(7).nextBytes(bytes);
    float[] whole = new float[blocks * type.blockElems()];
    format.decode(MemorySegment.ofArray(bytes), 0, whole, 0, blocks);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment odd = arena.allocate(bytes.length + 3);
      MemorySegment.copy(bytes, 0, odd, ValueLayout.JAVA_BYTE, 3, bytes.length);
      float[] padded = new float[whole.length + 12];
      Arrays.fill(padded, 42f);
      format.decode(odd, 3, padded, 5, blocks);
      assertSameBits(whole, Arrays.copyOfRange(padded, 5, 5 + whole.length));
      for (int i = 0; i < padded.length; i++) {
        if (i < 5 || i >= 5 + whole.length) {
          assertEquals(42f, padded[i], "value " + i + " is outside the range");
        }
      }
    }
    // The last block alone decodes to the same values as within the run.
    float[] last = new float[type.blockElems()];
    long lastAt = (long) (blocks - 1) * type.blockBytes();
    format.decode(MemorySegment.ofArray(bytes), lastAt, last, 0, 1);
    assertSameBits(Arrays.copyOfRange(whole, whole.length - last.length, whole.length), last);
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void encode_oddOffsets_writesOnlyItsRange(QuantEncoder encoder) {
    TensorType type = encoder.type();
    int blocks = 2 * 8192 / type.blockBytes() + 1;
    float[] values = normals(blocks * type.blockElems() + 7, 3);
    byte[] whole = new byte[blocks * type.blockBytes()];
    encoder.encode(values, 7, MemorySegment.ofArray(whole), 0, blocks);
    byte[] padded = new byte[whole.length + 8];
    Arrays.fill(padded, (byte) 0x55);
    encoder.encode(values, 7, MemorySegment.ofArray(padded), 5, blocks);
    assertArrayEquals(whole, Arrays.copyOfRange(padded, 5, 5 + whole.length));
    for (int i : new int[] {0, 4, padded.length - 3, padded.length - 1}) {
      assertEquals(0x55, padded[i], "byte " + i + " is outside the range");
    }
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void encode_decodedValues_givesTheSameValues(QuantEncoder encoder) {
    TensorType type = encoder.type();
    int blocks = 200;
    float[] values = normals(blocks * type.blockElems(), 11);
    if (type == TensorType.NVFP4) {
      // Its scales are so coarse that the largest value may become 4d; 6d comes back as it is.
      for (int i = 0; i < values.length; i += 16) {
        values[i] = 6 * 0x1p-6f;
      }
    }
    float[] once = roundTrip(encoder, values, blocks);
    float[] twice = roundTrip(encoder, once, blocks);
    assertSameBits(once, twice);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void decode_rangeOutsideItsMemory_isATypedError(QuantFormat format) {
    TensorType type = format.type();
    MemorySegment two = MemorySegment.ofArray(new byte[2 * type.blockBytes()]);
    float[] values = new float[2 * type.blockElems()];
    assertThrows(TensorException.class, () -> format.decode(two, 1, values, 0, 2));
    assertThrows(TensorException.class, () -> format.decode(two, 0, values, 1, 2));
    assertThrows(TensorException.class, () -> format.decode(two, -1, values, 0, 1));
    assertThrows(TensorException.class, () -> format.decode(two, 0, values, -1, 1));
    assertThrows(TensorException.class, () -> format.decode(two, 0, values, 0, -1));
    assertThrows(TensorException.class, () -> format.decode(two, 0, values, 0, Integer.MAX_VALUE));
    assertThrows(TensorException.class, () -> format.decode(two, Long.MAX_VALUE, values, 0, 1));
    format.decode(two, two.byteSize(), values, values.length, 0);
  }

  @Test
  void f32_anyBits_passUnchanged() {
    float[] values = {0f, -0f, Float.intBitsToFloat(0x7fa0_0001), Float.MIN_VALUE, 1e38f};
    assertSameBits(
        values, roundTrip(QuantFormats.requireEncoder(TensorType.F32), values, values.length));
  }

  @Test
  void f64_values_roundToNearestFloat() {
    double[] values = {0.1, -1e300, 1e-50, Double.NaN};
    float[] got = new float[4];
    QuantFormats.requireDecoder(TensorType.F64).decode(MemorySegment.ofArray(values), 0, got, 0, 4);
    assertSameBits(new float[] {0.1f, Float.NEGATIVE_INFINITY, 0f, Float.NaN}, got);
  }

  @Test
  void q81_block_skipsItsSum() {
    byte[] block = new byte[36];
    Bytes.putF16(block, 0, 0.5f);
    Bytes.putF16(block, 2, 99f);
    for (int j = 0; j < 32; j++) {
      block[4 + j] = (byte) (j * 8 - 128);
    }
    float[] got = new float[32];
    QuantFormats.requireDecoder(TensorType.Q8_1).decode(MemorySegment.ofArray(block), 0, got, 0, 1);
    for (int j = 0; j < 32; j++) {
      assertEquals(j * 4 - 64, got[j]);
    }
  }

  private static float[] roundTrip(QuantEncoder encoder, float[] values, int blocks) {
    TensorType type = encoder.type();
    MemorySegment encoded = MemorySegment.ofArray(new byte[blocks * type.blockBytes()]);
    encoder.encode(values, 0, encoded, 0, blocks);
    float[] decoded = new float[values.length];
    QuantFormats.requireDecoder(type).decode(encoded, 0, decoded, 0, blocks);
    return decoded;
  }

  private static float[] normals(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 0.02f;
    }
    return values;
  }

  /** Exact, signs of zeros too; NaNs may differ in payload. */
  static void assertSameBits(float[] expected, float[] got) {
    assertEquals(expected.length, got.length);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(got[i])) {
        throw new AssertionError("value " + i + ": expected " + expected[i] + " but got " + got[i]);
      }
    }
  }
}

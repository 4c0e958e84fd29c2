package dev.nearside.tensor.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Unpacker;
import dev.nearside.tensor.kernel.Workers;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.quant.QuantFormats;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed weights give back the very blocks they were made of: originals may be dropped. */
class PanelUnpackerTest {
  private static final int ROWS = 2 * PanelFormat.ROWS + 7;
  private static final int COLS = 512;

  private final Arena arena = Arena.ofShared();
  private final Workers workers = new Workers(1);
  private final Unpacker unpacker = Unpacker.of(MachineKernels.LAYOUT).orElseThrow();

  @AfterEach
  void close() {
    workers.close();
    arena.close();
  }

  static Stream<TensorType> packed() {
    return Stream.concat(
        CodeReaders.all().stream().map(CodeReader::type),
        Stream.of(TensorType.F32, TensorType.F16, TensorType.BF16));
  }

  private MemorySegment blocks(TensorType type) {
    MemorySegment out = arena.allocate(type.bytes((long) ROWS * COLS), 64);
    RandomBlocks.fill(type, out, 0.05, 3);
    if (FloatRoutine.has(type)) {
      byte[] any = new byte[4096]; // every bit pattern, NaN and minus zero too
      new Random(5).nextBytes(any);
      MemorySegment.copy(any, 0, out, ValueLayout.JAVA_BYTE, 0, any.length);
    }
    return out;
  }

  private MemorySegment pack(TensorType type, MemorySegment source) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    long panels = PanelFormat.panels(ROWS);
    if (reader.isEmpty()) {
      MemorySegment into = arena.allocate(panels * FloatRoutine.panelBytes(type, COLS), 64);
      FloatPacker.pack(type, source, ROWS, COLS, into, workers);
      return into;
    }
    PanelFormat format = PanelFormat.of(reader.get());
    MemorySegment into = arena.allocate(panels * format.panelBytes(COLS), 64);
    PanelPacker.pack(format, source, ROWS, COLS, into, workers);
    return into;
  }

  private byte[] unpack(TensorType type, MemorySegment packed, int from, int count) {
    MemorySegment into = arena.allocate(type.bytes((long) count * COLS), 64);
    into.fill((byte) 0xA5); // no byte is left as it was
    unpacker.unpack(type, ROWS, COLS, packed, from, count, into);
    return into.toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @MethodSource("packed")
  void unpack_allRows_givesTheSameBytes(TensorType type) {
    MemorySegment source = blocks(type);
    byte[] got = unpack(type, pack(type, source), 0, ROWS);
    if (type == TensorType.MXFP4) {
      assertArrayEquals(values(type, source), values(type, MemorySegment.ofArray(got)));
    } else {
      assertArrayEquals(source.toArray(ValueLayout.JAVA_BYTE), got);
    }
  }

  @ParameterizedTest
  @MethodSource("packed")
  void unpack_someRows_givesThose(TensorType type) {
    MemorySegment packed = pack(type, blocks(type));
    byte[] all = unpack(type, packed, 0, ROWS);
    int rowBytes = (int) type.bytes(COLS);
    for (int[] part : new int[][] {{0, 1}, {31, 2}, {30, 40}, {ROWS - 1, 1}}) {
      byte[] expected = new byte[part[1] * rowBytes];
      System.arraycopy(all, part[0] * rowBytes, expected, 0, expected.length);
      assertArrayEquals(expected, unpack(type, packed, part[0], part[1]), "from " + part[0]);
    }
  }

  // Codes of MXFP4 have one zero: the values are the same, the sign of zeros is not.
  private static float[] values(TensorType type, MemorySegment blocks) {
    float[] out = new float[ROWS * COLS];
    QuantFormats.requireDecoder(type).decode(blocks, 0, out, 0, out.length / type.blockElems());
    for (int i = 0; i < out.length; i++) {
      out[i] += 0f;
    }
    return out;
  }

  @Test
  void unpack_anotherSize_isRefused() {
    MemorySegment packed = pack(TensorType.Q4_0, blocks(TensorType.Q4_0));
    MemorySegment into = arena.allocate(TensorType.Q4_0.bytes((long) ROWS * COLS));
    MemorySegment cut = packed.asSlice(0, packed.byteSize() - 64);
    assertThrows(
        TensorException.class,
        () -> unpacker.unpack(TensorType.Q4_0, ROWS, COLS, cut, 0, ROWS, into));
  }
}

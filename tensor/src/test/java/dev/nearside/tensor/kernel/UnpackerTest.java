package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every provider packed comes back as the very blocks it was made of. */
class UnpackerTest {
  private static final int ROWS = 75;
  private static final int COLS = 512;

  static Stream<String> packing() {
    return Providers.fast().stream()
        .filter(name -> name.equals("machine") || name.startsWith("vector"));
  }

  @ParameterizedTest
  @MethodSource("packing")
  void unpack_ofEachType_givesTheSameBytes(String provider) {
    List<TensorType> types = new ArrayList<>();
    CodeReaders.all().stream().map(CodeReader::type).forEach(types::add);
    types.remove(TensorType.MXFP4); // the sign of a zero is lost
    types.addAll(List.of(TensorType.F32, TensorType.F16, TensorType.BF16));
    try (Kernels kernels = Providers.open(provider, 2);
        Arena arena = Arena.ofShared()) {
      Unpacker unpacker = Unpacker.of(kernels.layout().orElseThrow()).orElseThrow();
      for (TensorType type : types) {
        MemorySegment source = arena.allocate(type.bytes((long) ROWS * COLS), 64);
        RandomBlocks.fill(type, source, 0.05, 11);
        MemorySegment packed = kernels.pack(type, source, ROWS, COLS, arena).memory().orElseThrow();
        byte[] expected = source.toArray(ValueLayout.JAVA_BYTE);
        MemorySegment into = arena.allocate(expected.length);
        into.fill((byte) 0xA5); // no byte is left as it was
        unpacker.unpack(type, ROWS, COLS, packed, 0, ROWS, into);
        assertArrayEquals(expected, into.toArray(ValueLayout.JAVA_BYTE), type.name());
        int rowBytes = (int) type.bytes(COLS);
        MemorySegment some = arena.allocate(40L * rowBytes);
        unpacker.unpack(type, ROWS, COLS, packed, 29, 40, some);
        byte[] part = source.asSlice(29L * rowBytes, 40L * rowBytes).toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(part, some.toArray(ValueLayout.JAVA_BYTE), "some of " + type);
      }
    }
  }

  @Test
  void of_anotherVersion_isEmpty() {
    assertEquals(Optional.empty(), Unpacker.of("packed-0-machine"));
    assertEquals(Optional.empty(), Unpacker.of(PackedWeights.VERSION + "-7"));
  }
}

package dev.nearside.tensor.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.SpecificationKernels;
import dev.nearside.tensor.kernel.Workers;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.kernel.x86.Interpreter;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The routines, instruction by instruction, against the specification: on any machine. */
class CodesRoutineTest {
  private static final int ROWS = 2 * PanelFormat.ROWS;

  static Stream<TensorType> types() {
    return CodeReaders.all().stream().map(CodeReader::type);
  }

  @ParameterizedTest
  @MethodSource("types")
  void routine_everyNumberOfTokens_givesTheSpecificationsBits(TensorType type) {
    int cols = 2 * Math.max(type.blockElems(), 64);
    PanelFormat format = PanelFormat.of(CodeReaders.of(type).orElseThrow());
    Random random = new Random(type.ggmlId());
    for (int count = 1; count <= CodesRoutine.MOST_TOKENS; count++) {
      try (Arena arena = Arena.ofConfined();
          Kernels spec = new SpecificationKernels(1);
          Workers workers = new Workers(1)) {
        MemorySegment source = arena.allocate(type.bytes((long) ROWS * cols), 64);
        RandomBlocks.fill(type, source, 0.1, random.nextLong());
        Floats x = Floats.allocate(arena, (long) count * cols);
        for (int i = 0; i < count * cols; i++) {
          x.set(i, (float) random.nextGaussian());
        }
        Activations prepared = spec.newActivations(count, cols, arena);
        spec.prepare(x, count, cols, prepared);
        Floats expected = Floats.allocate(arena, (long) count * ROWS);
        PackedWeights plain = spec.pack(type, source, ROWS, cols, arena);
        spec.matmul(plain, prepared, expected);

        MemorySegment panels =
            arena.allocate(PanelFormat.panels(ROWS) * format.panelBytes(cols), 64);
        PanelPacker.pack(format, source, ROWS, cols, panels, workers);
        NativeTokens tokens = new NativeTokens();
        tokens.hold((ExactActivations) prepared, workers);
        MemorySegment out = arena.allocate((long) count * ROWS * Float.BYTES, 64);
        MemorySegment arguments = arena.allocate(CodesRoutine.ARGUMENT_BYTES, 64);
        put(arguments, CodesRoutine.WEIGHTS, panels.address());
        put(arguments, CodesRoutine.PANELS, PanelFormat.panels(ROWS));
        put(arguments, CodesRoutine.UNITS, cols / format.unitCols());
        put(arguments, CodesRoutine.TOKENS, tokens.address(0));
        put(arguments, CodesRoutine.TOKEN_BYTES, tokens.rowBytes());
        put(arguments, CodesRoutine.OUT, out.address());
        put(arguments, CodesRoutine.OUT_BYTES, (long) ROWS * Float.BYTES);
        new Interpreter().call(CodesRoutine.assemble(format, count), arguments.address());
        for (int i = 0; i < count * ROWS; i++) {
          float got = out.getAtIndex(ValueLayout.JAVA_FLOAT, i);
          assertEquals(
              Float.floatToRawIntBits(expected.get(i)),
              Float.floatToRawIntBits(got),
              type + ", " + count + " tokens, output " + i);
        }
      }
    }
  }

  private static void put(MemorySegment arguments, int at, long value) {
    arguments.set(ValueLayout.JAVA_LONG, at, value);
  }
}

package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Checks of what kernels are given. Each throws a {@link TensorException} that says what is off.
 */
final class Shapes {
  private Shapes() {}

  static void checkRoom(String what, Floats floats, long needed) {
    if (floats.size() < needed) {
      throw new TensorException(
          Fault.of(what + " is too small").got(floats.size()).expected(needed + " values"));
    }
  }

  static void checkWeights(TensorType type, MemorySegment source, int rows, int cols) {
    if (rows < 1 || cols < 1 || cols % type.blockElems() != 0) {
      throw new TensorException(
          Fault.of("weights of this shape can't be packed")
              .got(rows + " rows of " + cols)
              .expected("rows of a whole number of blocks of " + type.blockElems())
              .where(type));
    }
    if (CodeReaders.of(type).isEmpty() && !FloatRows.canRead(type)) {
      throw FloatRows.unsupported(type);
    }
    long bytes = type.bytes((long) rows * cols);
    if (source.byteSize() < bytes) {
      throw new TensorException(
          Fault.of("a weight tensor is cut off")
              .got(source.byteSize() + " bytes")
              .expected(bytes)
              .where(type + " " + rows + " x " + cols));
    }
  }

  /** Rows {@code from … to - 1} must hold finite numbers. */
  static void checkFinite(TensorType type, MemorySegment source, int from, int to, int cols) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    long rowBytes = type.bytes(cols);
    if (reader.isPresent()) {
      CodeBlock block = new CodeBlock();
      for (long at = from * rowBytes; at < to * rowBytes; at += type.blockBytes()) {
        reader.get().readScales(source, at, block);
        if (!Float.isFinite(block.scale) || !Float.isFinite(block.offset)) {
          throw notFinite(type, at);
        }
      }
      return;
    }
    float[] row = new float[cols];
    for (int r = from; r < to; r++) {
      FloatRows.read(type, source, r * rowBytes, row, 0, cols);
      for (int k = 0; k < cols; k++) {
        if (!Float.isFinite(row[k])) {
          throw notFinite(type, r * rowBytes);
        }
      }
    }
  }

  private static TensorException notFinite(TensorType type, long at) {
    return new TensorException(
        Fault.of("a weight tensor holds NaN or infinity")
            .where(type + " data, byte " + at)
            .hint("the model file is damaged"));
  }

  static void checkAttention(AttentionSpec spec, KvLayer kv) {
    boolean isSound =
        spec.headDim() > 0
            && spec.kvHeads() > 0
            && spec.heads() > 0
            && spec.heads() % spec.kvHeads() == 0
            && spec.window() >= 0
            && spec.headDim() == kv.headDim()
            && spec.kvHeads() == kv.kvHeads();
    if (!isSound) {
      throw new TensorException(
          Fault.of("attention and its cache don't fit each other")
              .got(spec.heads() + " heads, " + spec.kvHeads() + " kv heads of " + spec.headDim())
              .expected(kv.kvHeads() + " kv heads of " + kv.headDim()));
    }
    checkKvType(kv);
    Floats sinks = spec.sinks();
    if (sinks != null) {
      checkRoom("attention sinks", sinks, spec.heads());
    }
  }

  static void checkKvType(KvLayer kv) {
    if (!KvLayer.canHold(kv.type(), kv.headDim())) {
      throw new TensorException(
          Fault.of("keys and values can't be of this type")
              .got(kv.type() + ", heads of " + kv.headDim())
              .expected("F16, F32, or Q8_0 for heads of a multiple of " + SpecKv.GROUP));
    }
  }
}

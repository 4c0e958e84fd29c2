package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.Workers;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** Turns row-major blocks into panels whose rows are lanes. */
final class Packer {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int ROWS = Lanes.ROWS;

  private Packer() {}

  static VectorWeights pack(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena, Workers workers) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    if (reader.isPresent()) {
      return packCodes(reader.get(), source, rows, cols, arena, workers);
    }
    if (type == TensorType.F32 || type == TensorType.F16 || type == TensorType.BF16) {
      int panels = (rows + ROWS - 1) / ROWS;
      MemorySegment data = arena.allocate(panels * VectorWeights.Plain.panelBytes(type, cols), 64);
      VectorWeights.Plain weights = new VectorWeights.Plain(type, rows, cols, data);
      workers.run(panels, 1, (from, to, thread) -> packPlain(weights, source, from, to));
      return weights;
    }
    return new VectorWeights.InPlace(type, rows, cols, source);
  }

  /** Takes back a packed copy; empty when its size is not the one that these weights have. */
  static Optional<PackedWeights> adopt(TensorType type, int rows, int cols, MemorySegment packed) {
    Optional<CodeReader> found = CodeReaders.of(type);
    if (found.isPresent()) {
      CodeReader reader = found.get();
      CodeLayout layout = CodeLayout.of(reader);
      ScaleLayout scales = ScaleLayout.of(reader);
      return packed.byteSize() != VectorWeights.Codes.bytes(rows, cols, layout, scales)
          ? Optional.empty()
          : Optional.of(
              new VectorWeights.Codes(
                  type, rows, cols, packed, layout, scales, reader.minCode(), reader.group()));
    }
    boolean isPlain = type == TensorType.F32 || type == TensorType.F16 || type == TensorType.BF16;
    long panels = ((long) rows + ROWS - 1) / ROWS;
    return isPlain && packed.byteSize() == panels * VectorWeights.Plain.panelBytes(type, cols)
        ? Optional.of(new VectorWeights.Plain(type, rows, cols, packed))
        : Optional.empty();
  }

  private static VectorWeights packCodes(
      CodeReader reader, MemorySegment source, int rows, int cols, Arena arena, Workers workers) {
    CodeLayout layout = CodeLayout.of(reader);
    ScaleLayout scales = ScaleLayout.of(reader);
    MemorySegment data = arena.allocate(VectorWeights.Codes.bytes(rows, cols, layout, scales), 64);
    VectorWeights.Codes weights =
        new VectorWeights.Codes(
            reader.type(), rows, cols, data, layout, scales, reader.minCode(), reader.group());
    workers.run(
        weights.panels(),
        1,
        (from, to, thread) -> {
          for (int panel = from; panel < to; panel++) {
            packPanel(reader, weights, source, panel);
          }
        });
    return weights;
  }

  /** Block after block, so that what is written stays in the cache until all rows are in. */
  private static void packPanel(
      CodeReader reader, VectorWeights.Codes weights, MemorySegment source, int panel) {
    int elems = reader.type().blockElems();
    int blockBytes = reader.type().blockBytes();
    long rowBytes = reader.type().bytes(weights.cols());
    int rows = Math.min(ROWS, weights.rows() - panel * ROWS);
    CodeBlock block = new CodeBlock();
    int words = weights.layout().words;
    int[] packed = new int[words];
    int[] lanes = new int[elems / 32 * words * ROWS];
    long scalesAt = weights.scalesAt(panel);
    long codesAt = weights.codesAt(panel);
    long scaleStep = weights.scales().bytes(elems);
    for (int b = 0; b < weights.cols() / elems; b++) {
      for (int r = 0; r < rows; r++) {
        long at = ((long) panel * ROWS + r) * rowBytes + (long) b * blockBytes;
        reader.read(source, at, block);
        writeScales(weights, scalesAt, r, block, elems);
        for (int part = 0; part < elems / 32; part++) {
          weights.layout().pack(block.codes, part * 32, reader.minCode(), packed, 0);
          for (int w = 0; w < words; w++) {
            lanes[(part * words + w) * ROWS + r] = packed[w];
          }
        }
      }
      MemorySegment.copy(lanes, 0, weights.data(), INT, codesAt, lanes.length);
      codesAt += 4L * lanes.length;
      scalesAt += scaleStep;
    }
  }

  private static void writeScales(
      VectorWeights.Codes weights, long at, int row, CodeBlock block, int elems) {
    MemorySegment data = weights.data();
    boolean hasOffset = weights.scales().hasOffset();
    switch (weights.scales().kind()) {
      case HALF -> {
        data.set(SHORT, at + 2L * row, Float.floatToFloat16(block.scale));
        if (hasOffset) {
          data.set(SHORT, at + 2L * (ROWS + row), Float.floatToFloat16(block.offset));
        }
      }
      case SINGLE -> data.set(Floats.LAYOUT, at + 4L * row, block.scale);
      case SUPER -> {
        data.set(Floats.LAYOUT, at + 4L * row, block.scale);
        long next = at + 4L * ROWS;
        if (hasOffset) {
          data.set(Floats.LAYOUT, next + 4L * row, block.offset);
          next += 4L * ROWS;
        }
        int step = hasOffset ? 1 : 2;
        for (int g = 0; g < elems / weights.group(); g += step) {
          int high = hasOffset ? block.offsetCodes[g] : block.scaleCodes[g + 1];
          data.set(SHORT, next + 2L * row, (short) ((block.scaleCodes[g] & 0xFF) | (high << 8)));
          next += 2L * ROWS;
        }
      }
    }
  }

  private static void packPlain(
      VectorWeights.Plain weights, MemorySegment source, int from, int to) {
    int cols = weights.cols();
    boolean isSingle = weights.type() == TensorType.F32;
    long rowBytes = weights.type().bytes(cols);
    for (int panel = from; panel < to; panel++) {
      int rows = Math.min(ROWS, weights.rows() - panel * ROWS);
      for (int r = 0; r < rows; r++) {
        long row = ((long) panel * ROWS + r) * rowBytes;
        long at = weights.at(panel) + 4L * r;
        if (isSingle) {
          for (int k = 0; k < cols; k++) {
            weights.data().set(INT, at + 4L * ROWS * k, source.get(INT, row + 4L * k));
          }
        } else {
          for (int k = 0; k < cols; k++) {
            long word = at + 4L * ROWS * (k / 2) + 2L * (k % 2);
            weights.data().set(SHORT, word, source.get(SHORT, row + 2L * k));
          }
        }
      }
    }
  }
}

package dev.nearside.tensor.kernel.vector;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.Unpacker;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** The opposite of {@link Packer}, for vectors of any size and without the vector module. */
public final class VectorUnpacker implements Unpacker {
  /** How the layouts' names begin; then come the rows of a panel. */
  static final String LAYOUT = PackedWeights.VERSION + "-";

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int panelRows;

  private VectorUnpacker(int panelRows) {
    this.panelRows = panelRows;
  }

  /** As {@link Unpacker#of}. */
  public static Optional<Unpacker> of(String layout) {
    for (int rows = 8; rows <= 32; rows *= 2) {
      if (layout.equals(LAYOUT + rows)) {
        return Optional.of(new VectorUnpacker(rows));
      }
    }
    return Optional.empty();
  }

  @Override
  public void unpack(
      TensorType type,
      int rows,
      int cols,
      MemorySegment packed,
      int from,
      int count,
      MemorySegment into) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    long panels = ((long) rows + panelRows - 1) / panelRows;
    if (reader.isPresent()) {
      Codes codes = new Codes(reader.get(), panelRows, cols, packed);
      Unpacker.checkSize(type, packed, panels * codes.panelBytes());
      for (int r = 0; r < count; r++) {
        codes.row(from + r, into, r * type.bytes(cols));
      }
    } else if (type == TensorType.F32 || type == TensorType.F16 || type == TensorType.BF16) {
      long words = type == TensorType.F32 ? cols : (cols + 1) / 2;
      long panelBytes = words * Integer.BYTES * panelRows;
      Unpacker.checkSize(type, packed, panels * panelBytes);
      for (int r = 0; r < count; r++) {
        int row = from + r;
        long at = row / panelRows * panelBytes + 4L * (row % panelRows);
        plain(type, cols, packed, at, into, r * type.bytes(cols));
      }
    } else {
      throw new TensorException(Fault.of("weights of this type are never packed").got(type));
    }
  }

  private void plain(
      TensorType type, int cols, MemorySegment packed, long from, MemorySegment into, long at) {
    for (int k = 0; k < cols; k++) {
      if (type == TensorType.F32) {
        into.set(INT, at + 4L * k, packed.get(INT, from + 4L * panelRows * k));
      } else {
        long word = from + 4L * panelRows * (k / 2) + 2L * (k % 2);
        into.set(SHORT, at + 2L * k, packed.get(SHORT, word));
      }
    }
  }

  /** A matrix of codes, row by row. */
  private static final class Codes {
    private final CodeReader reader;
    private final int panelRows;
    private final int cols;
    private final MemorySegment packed;
    private final CodeLayout layout;
    private final ScaleLayout scales;
    private final CodeBlock block = new CodeBlock();
    private final int[] words;

    Codes(CodeReader reader, int panelRows, int cols, MemorySegment packed) {
      this.reader = reader;
      this.panelRows = panelRows;
      this.cols = cols;
      this.packed = packed;
      layout = CodeLayout.of(reader);
      scales = ScaleLayout.of(reader);
      words = new int[layout.words];
    }

    long panelBytes() {
      return scales.bytes(cols, panelRows) + cols / 32 * blockBytes();
    }

    private long blockBytes() {
      return 4L * layout.words * panelRows;
    }

    void row(int row, MemorySegment into, long at) {
      int lane = row % panelRows;
      int elems = reader.type().blockElems();
      long scalesAt = row / panelRows * panelBytes();
      long codesAt = scalesAt + scales.bytes(cols, panelRows) + 4L * lane;
      for (int b = 0; b < cols / elems; b++) {
        readScales(scalesAt, lane, elems);
        for (int part = 0; part < elems / 32; part++) {
          for (int w = 0; w < words.length; w++) {
            words[w] = packed.get(INT, codesAt + 4L * w * panelRows);
          }
          layout.unpack(words, reader.minCode(), block.codes, part * 32);
          codesAt += blockBytes();
        }
        reader.write(block, into, at + (long) b * reader.type().blockBytes());
        scalesAt += scales.bytes(elems, panelRows);
      }
    }

    private void readScales(long at, int lane, int elems) {
      boolean hasOffset = scales.hasOffset();
      switch (scales.kind()) {
        case HALF -> {
          block.scale = half(at + 2L * lane);
          block.offset = hasOffset ? half(at + 2L * (panelRows + lane)) : 0;
        }
        case SINGLE -> block.scale = packed.get(Floats.LAYOUT, at + 4L * lane);
        case SUPER -> {
          block.scale = packed.get(Floats.LAYOUT, at + 4L * lane);
          long next = at + 4L * panelRows;
          if (hasOffset) {
            block.offset = packed.get(Floats.LAYOUT, next + 4L * lane);
            next += 4L * panelRows;
          }
          int step = hasOffset ? 1 : 2;
          for (int g = 0; g < elems / scales.group(); g += step) {
            int both = packed.get(SHORT, next + 2L * lane);
            block.scaleCodes[g] = (byte) both;
            (hasOffset ? block.offsetCodes : block.scaleCodes)[hasOffset ? g : g + 1] =
                (byte) (both >> 8);
            next += 2L * panelRows;
          }
        }
      }
    }

    private float half(long at) {
      return Float.float16ToFloat(packed.get(SHORT, at));
    }
  }
}

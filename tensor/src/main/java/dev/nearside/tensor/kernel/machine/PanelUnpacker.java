package dev.nearside.tensor.kernel.machine;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Unpacker;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** The opposite of {@link PanelPacker} and {@link FloatPacker}; runs on every CPU. */
public final class PanelUnpacker implements Unpacker {
  private static final ValueLayout.OfShort F16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int ROWS = PanelFormat.ROWS;
  private static final int QUAD = 4 * ROWS;

  private PanelUnpacker() {}

  /** As {@link Unpacker#of}. */
  public static Optional<Unpacker> of(String layout) {
    return layout.equals(MachineKernels.LAYOUT)
        ? Optional.of(new PanelUnpacker())
        : Optional.empty();
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
    if (reader.isPresent()) {
      PanelFormat format = PanelFormat.of(reader.get());
      Unpacker.checkSize(type, packed, PanelFormat.panels(rows) * format.panelBytes(cols));
      codes(format, cols, packed, from, count, into);
    } else if (FloatRoutine.has(type)) {
      Unpacker.checkSize(
          type, packed, PanelFormat.panels(rows) * FloatRoutine.panelBytes(type, cols));
      floats(type, cols, packed, from, count, into);
    } else {
      throw new TensorException(Fault.of("weights of this type are never packed").got(type));
    }
  }

  private static void codes(
      PanelFormat format, int cols, MemorySegment packed, int from, int count, MemorySegment into) {
    TensorType type = format.reader().type();
    byte[] unit = new byte[format.unitBytes()];
    MemorySegment bytes = MemorySegment.ofArray(unit);
    CodeBlock block = new CodeBlock();
    int row = from;
    while (row < from + count) {
      int end = Math.min(from + count, (row / ROWS + 1) * ROWS);
      long panel = row / ROWS * format.panelBytes(cols);
      for (int u = 0; u < cols / format.unitCols(); u++) {
        MemorySegment.copy(packed, panel + (long) u * unit.length, bytes, 0, unit.length);
        for (int r = row; r < end; r++) {
          read(format, unit, bytes, r % ROWS, block);
          long at = (r - from) * type.bytes(cols) + (long) u * type.blockBytes();
          format.reader().write(block, into, at);
        }
      }
      row = end;
    }
  }

  private static void read(
      PanelFormat format, byte[] unit, MemorySegment bytes, int row, CodeBlock block) {
    boolean hasOffset = format.reader().hasOffset();
    if (format.hasWideScales()) {
      block.scale = bytes.get(F32, 4L * row);
      block.offset = hasOffset ? bytes.get(F32, 4L * (ROWS + row)) : 0;
    } else {
      block.scale = Float.float16ToFloat(bytes.get(F16, 2L * row));
      block.offset = hasOffset ? Float.float16ToFloat(bytes.get(F16, 2L * (ROWS + row))) : 0;
    }
    for (int b = 0; b < format.unitCols() / PanelFormat.BLOCK; b++) {
      int start = format.unitScaleBytes() + b * format.blockBytes();
      if (format.isSuper()) {
        int groups = format.groups();
        for (int g = 0; g < groups; g++) {
          block.scaleCodes[b * groups + g] = unit[start + g * ROWS + row];
          if (hasOffset) {
            block.offsetCodes[b * groups + g] = unit[start + (groups + g) * ROWS + row];
          }
        }
      }
      codes(format, unit, start + format.scaleCodeBytes(), row, block, b * PanelFormat.BLOCK);
    }
  }

  private static void codes(
      PanelFormat format, byte[] unit, int at, int row, CodeBlock block, int first) {
    int lane = at + 4 * row;
    int quads = lane + format.bits().planes * QUAD;
    byte[] table = format.table();
    for (int k = 0; k < PanelFormat.BLOCK; k++) {
      int j = k / 4;
      int t = k % 4;
      int stored =
          switch (format.bits()) {
            case BYTES -> unit[quads + j * QUAD + t] & 0xFF;
            case NIBBLES -> nibble(unit, quads, k);
            case FIVES -> nibble(unit, quads, k) | (((unit[lane + t] >> j) & 1) << 4);
            case SIXES ->
                nibble(unit, quads, k)
                    | (((unit[lane + k / 16 * QUAD + t] >> (2 * (j % 4))) & 3) << 4);
          };
      int code = table == null ? stored : table[stored] & 0xFF;
      block.codes[first + k] = (byte) (code - format.zero());
    }
  }

  private static int nibble(byte[] unit, int quads, int k) {
    return (unit[quads + k % 16 / 4 * QUAD + k % 4] >> (k / 16 * 4)) & 15;
  }

  private static void floats(
      TensorType type, int cols, MemorySegment packed, int from, int count, MemorySegment into) {
    int size = FloatRoutine.elementBytes(type);
    for (int r = from; r < from + count; r++) {
      long panel = r / ROWS * FloatRoutine.panelBytes(type, cols);
      long target = (r - from) * type.bytes(cols);
      for (int k = 0; k < cols; k++) {
        long at = panel + (long) size * (k * ROWS + r % ROWS);
        if (size == Integer.BYTES) {
          into.set(
              ValueLayout.JAVA_INT_UNALIGNED,
              target + 4L * k,
              packed.get(ValueLayout.JAVA_INT_UNALIGNED, at));
        } else {
          into.set(
              ValueLayout.JAVA_SHORT_UNALIGNED,
              target + 2L * k,
              packed.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
        }
      }
    }
  }
}

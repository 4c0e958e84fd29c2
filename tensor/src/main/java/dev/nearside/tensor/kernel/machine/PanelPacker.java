package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.Workers;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Turns a file's row-major blocks into panels. */
final class PanelPacker {
  private static final ValueLayout.OfShort F16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int ROWS = PanelFormat.ROWS;

  private final PanelFormat format;
  private final CodeReader reader;
  private final MemorySegment source;
  private final int rows;
  private final int cols;
  private final MemorySegment into;
  private final int[] stored; // by code + 128

  private PanelPacker(
      PanelFormat format, MemorySegment source, int rows, int cols, MemorySegment into) {
    this.format = format;
    this.reader = format.reader();
    this.source = source;
    this.rows = rows;
    this.cols = cols;
    this.into = into;
    this.stored = format.stored();
  }

  /**
   * Packs.
   *
   * @param into {@code panels(rows) * panelBytes(cols)} bytes
   */
  static void pack(
      PanelFormat format,
      MemorySegment source,
      int rows,
      int cols,
      MemorySegment into,
      Workers workers) {
    PanelPacker packer = new PanelPacker(format, source, rows, cols, into);
    workers.run(
        PanelFormat.panels(rows),
        1,
        (from, to, thread) -> {
          byte[] unit = new byte[format.unitBytes()];
          MemorySegment bytes = MemorySegment.ofArray(unit);
          CodeBlock block = new CodeBlock();
          for (int panel = from; panel < to; panel++) {
            packer.panel(panel, unit, bytes, block);
          }
        });
  }

  private void panel(int panel, byte[] unit, MemorySegment bytes, CodeBlock block) {
    int units = cols / format.unitCols();
    long rowBytes = reader.type().bytes(cols);
    for (int u = 0; u < units; u++) {
      Arrays.fill(unit, (byte) 0);
      for (int r = 0; r < ROWS && panel * ROWS + r < rows; r++) {
        long at = (long) (panel * ROWS + r) * rowBytes + (long) u * reader.type().blockBytes();
        reader.read(source, at, block);
        scales(bytes, r, block);
        for (int b = 0; b < format.unitCols() / PanelFormat.BLOCK; b++) {
          int start = format.unitScaleBytes() + b * format.blockBytes();
          scaleCodes(unit, start, r, b, block);
          codes(unit, start + format.scaleCodeBytes(), r, b * PanelFormat.BLOCK, block);
        }
      }
      MemorySegment.copy(
          bytes,
          0,
          into,
          panel * format.panelBytes(cols) + (long) u * format.unitBytes(),
          format.unitBytes());
    }
  }

  private void scales(MemorySegment bytes, int row, CodeBlock block) {
    if (format.hasWideScales()) {
      bytes.set(F32, 4L * row, block.scale);
      if (reader.hasOffset()) {
        bytes.set(F32, 4L * (ROWS + row), block.offset);
      }
    } else {
      bytes.set(F16, 2L * row, Float.floatToFloat16(block.scale));
      if (reader.hasOffset()) {
        bytes.set(F16, 2L * (ROWS + row), Float.floatToFloat16(block.offset));
      }
    }
  }

  private void scaleCodes(byte[] unit, int at, int row, int b, CodeBlock block) {
    if (!format.isSuper()) {
      return;
    }
    int groups = format.groups();
    for (int g = 0; g < groups; g++) {
      unit[at + g * ROWS + row] = block.scaleCodes[b * groups + g];
      if (reader.hasOffset()) {
        unit[at + (groups + g) * ROWS + row] = block.offsetCodes[b * groups + g];
      }
    }
  }

  private void codes(byte[] unit, int at, int row, int first, CodeBlock block) {
    int lane = 4 * row;
    int quads = at + format.bits().planes * 4 * ROWS;
    for (int k = 0; k < PanelFormat.BLOCK; k++) {
      int code = stored[block.codes[first + k] + 128];
      int j = k / 4;
      int t = k % 4;
      switch (format.bits()) {
        case BYTES -> unit[quads + j * 4 * ROWS + lane + t] = (byte) code;
        case NIBBLES -> nibble(unit, quads, lane, k, code);
        case FIVES -> {
          nibble(unit, quads, lane, k, code & 15);
          unit[at + lane + t] |= (byte) ((code >> 4) << j);
        }
        case SIXES -> {
          nibble(unit, quads, lane, k, code & 15);
          unit[at + k / 16 * 4 * ROWS + lane + t] |= (byte) ((code >> 4) << (2 * (j % 4)));
        }
      }
    }
  }

  private static void nibble(byte[] unit, int quads, int lane, int k, int code) {
    int quad = k % 16 / 4;
    unit[quads + quad * 4 * ROWS + lane + k % 4] |= (byte) (code << (k / 16 * 4));
  }
}

package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a panel of {@link #ROWS} rows holds the codes and scales of a format. A panel is units, one
 * after the other from the first column to the last: a block of 32 columns, or a super-block of
 * 256.
 *
 * <pre>
 *   block        scale f16 × 32 rows [| offset f16 × 32] | codes of 32 columns
 *   (MXFP4)      scale f32 × 32 rows                     | codes of 32 columns
 *   super-block  scale f16 × 32 [| offset f16 × 32], then eight times:
 *                scale codes i8 × 32, for each group [| offset codes i8 × 32] | codes of 32 columns
 *
 *   codes        [bits 4 …] of 32 columns, then quads: four columns of the 32 rows, 128 bytes,
 *                row r in bytes 4 r … 4 r + 3
 *   NIBBLES      4 quads: column 4 j + t of a row in the low half of byte t, column 16 + 4 j + t in
 *                its high half
 *   FIVES        bit 4: a quad whose byte t holds bit 4 of column 4 j + t in its bit j; NIBBLES
 *   SIXES        bits 4 and 5: two quads, for columns 0 … 15 and 16 … 31, whose byte t holds those
 *                of column 4 j + t in its bits 2 j and 2 j + 1; NIBBLES
 *   BYTES        8 quads
 * </pre>
 *
 * <p>Codes are stored unsigned. What is added to make them so is a power of two, so that a sum of
 * activations is shifted instead of multiplied; where that wants more than a nibble, the nibble
 * chooses from a table.
 *
 * @param bits where a code stands
 * @param zero stored codes are higher by this: 0 or a power of two
 * @param table unsigned codes that nibbles choose from; null = nibbles are codes
 */
record PanelFormat(CodeReader reader, Bits bits, int zero, byte @Nullable [] table) {
  static final int ROWS = 32;

  /** Columns of a block. */
  static final int BLOCK = 32;

  private static final int SUPER = 256;
  private static final int QUAD = 4 * ROWS;

  /** Where the bits of a code stand. */
  enum Bits {
    NIBBLES(0, 4),
    FIVES(1, 4),
    SIXES(2, 4),
    BYTES(0, 8);

    /** Quads of higher bits that stand before the codes. */
    final int planes;

    /** Quads of a block. */
    final int quads;

    Bits(int planes, int quads) {
      this.planes = planes;
      this.quads = quads;
    }
  }

  static PanelFormat of(CodeReader reader) {
    Optional<byte[]> values = reader.values();
    if (values.isPresent()) {
      int zero = Integer.highestOneBit(-reader.minCode() - 1) << 1; // up to the next power of two
      byte[] table = values.get();
      for (int i = 0; i < table.length; i++) {
        table[i] += (byte) zero;
      }
      return new PanelFormat(reader, Bits.NIBBLES, zero, table);
    }
    int range = reader.maxCode() - reader.minCode();
    Bits bits =
        range < 16 ? Bits.NIBBLES : range < 32 ? Bits.FIVES : range < 64 ? Bits.SIXES : Bits.BYTES;
    return new PanelFormat(reader, bits, -reader.minCode(), null);
  }

  /** Whether a unit is a super-block. */
  boolean isSuper() {
    return reader.type().blockElems() > BLOCK;
  }

  /** Whether a unit's scale is f32. */
  boolean hasWideScales() {
    return reader.type() == TensorType.MXFP4;
  }

  /** Columns of a unit. */
  int unitCols() {
    return isSuper() ? SUPER : BLOCK;
  }

  /** Groups of a block: 1 or 2. */
  int groups() {
    return BLOCK / reader.group();
  }

  /** Bytes of the scales of a unit, without a super-block's codes of scales. */
  int unitScaleBytes() {
    int values = reader.hasOffset() ? 2 : 1;
    return values * ROWS * (hasWideScales() ? Float.BYTES : Short.BYTES);
  }

  /** Bytes of the codes of scales in a block of a super-block: 0 elsewhere. */
  int scaleCodeBytes() {
    return isSuper() ? groups() * ROWS * (reader.hasOffset() ? 2 : 1) : 0;
  }

  /** Bytes of a block's codes. */
  int codeBytes() {
    return (bits.planes + bits.quads) * QUAD;
  }

  /** Bytes of a block within a unit. */
  int blockBytes() {
    return scaleCodeBytes() + codeBytes();
  }

  /** Bytes of a unit. */
  int unitBytes() {
    return unitScaleBytes() + unitCols() / BLOCK * blockBytes();
  }

  /** Bytes of a panel. */
  long panelBytes(int cols) {
    return (long) (cols / unitCols()) * unitBytes();
  }

  /** Panels, the last one padded with rows of zero. */
  static int panels(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  /** The unsigned numbers that stand for codes, by code + 128. */
  int[] stored() {
    int[] out = new int[256];
    if (table == null) {
      for (int code = reader.minCode(); code <= reader.maxCode(); code++) {
        out[code + 128] = code + zero;
      }
    } else {
      for (int i = 0; i < table.length; i++) {
        out[(table[i] & 0xFF) - zero + 128] = i;
      }
    }
    return out;
  }
}

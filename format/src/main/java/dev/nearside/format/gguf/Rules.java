package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;

/** The numbers of the format, and the limits that reader and writer keep to. */
final class Rules {
  static final int MAGIC = 0x46554747; // "GGUF", little-endian
  static final String ALIGNMENT_KEY = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;

  /** Alignments beyond a huge page are an attack on the padding's arithmetic. */
  static final int MAX_ALIGNMENT = 1 << 21;

  static final int MIN_ALIGNMENT = 8;
  static final int MAX_DIMS = 4;
  static final int MAX_KEY_BYTES = 65535;

  /** The specification says 64; some writers go over it. */
  static final int MAX_NAME_BYTES = 255;

  // Real headers end below 32 MiB, have under 100 keys and under a million strings. Together these
  // bounds keep the heap that a hostile header can ask for, decoded, below some 300 MB.
  static final int MAX_HEADER_BYTES = 128 << 20;
  static final int MAX_KEYS = 1 << 16;
  static final int MAX_STRINGS = 1 << 21;

  private Rules() {}

  /**
   * The alignment that a file with this metadata has.
   *
   * @throws FormatException when it is not a uint32, a power of two, and within the limits
   */
  static int alignment(Metadata metadata) {
    MetaValue value = metadata.find(ALIGNMENT_KEY).orElse(null);
    if (value == null) {
      return DEFAULT_ALIGNMENT;
    }
    Fault fault = Fault.of("alignment is impossible").where("metadata key " + ALIGNMENT_KEY);
    if (!(value instanceof MetaValue.Whole whole) || whole.type() != MetaType.UINT32) {
      throw new FormatException(fault.got(value.type()).expected(MetaType.UINT32));
    }
    long alignment = whole.value();
    if (Long.bitCount(alignment) != 1 || alignment < MIN_ALIGNMENT || alignment > MAX_ALIGNMENT) {
      throw new FormatException(
          fault
              .got(alignment)
              .expected("a power of two from " + MIN_ALIGNMENT + " to " + MAX_ALIGNMENT));
    }
    return (int) alignment;
  }

  /** The next multiple of {@code alignment}, a power of two. */
  static long pad(long offset, long alignment) {
    return (offset + alignment - 1) & -alignment;
  }
}

package dev.nearside.format;

import dev.nearside.base.Fault;

/**
 * One metadata value with the exact type it has in the file, so that a copied file keeps its types.
 */
public sealed interface MetaValue {

  /** The type in the file; {@link MetaType#ARRAY} for arrays. */
  MetaType type();

  /** True or false. */
  record Flag(boolean value) implements MetaValue {
    @Override
    public MetaType type() {
      return MetaType.BOOL;
    }
  }

  /**
   * An integer.
   *
   * @param value the number; for UINT64 its 64 bits, negative when above {@link Long#MAX_VALUE}
   */
  record Whole(MetaType type, long value) implements MetaValue {
    public Whole {
      if (!type.holds(value)) {
        throw new FormatException(
            Fault.of("metadata value does not fit its type").got(value).expected(type));
      }
    }
  }

  /** A float32 or float64. */
  record Real(MetaType type, double value) implements MetaValue {
    public Real {
      if (!type.isReal()) {
        throw new FormatException(
            Fault.of("metadata value is not of a floating-point type").got(type));
      }
    }
  }

  /** A string. */
  record Text(String value) implements MetaValue {
    @Override
    public MetaType type() {
      return MetaType.STRING;
    }
  }

  /** An array; see {@link MetaArray} for its elements. */
  record Many(MetaArray array) implements MetaValue {
    @Override
    public MetaType type() {
      return MetaType.ARRAY;
    }
  }

  static MetaValue of(boolean value) {
    return new Flag(value);
  }

  static MetaValue of(String value) {
    return new Text(value);
  }

  static MetaValue float32(float value) {
    return new Real(MetaType.FLOAT32, value);
  }

  static MetaValue uint32(long value) {
    return new Whole(MetaType.UINT32, value);
  }

  static MetaValue int32(int value) {
    return new Whole(MetaType.INT32, value);
  }

  static MetaValue strings(Iterable<String> values) {
    return new Many(MetaArray.ofStrings(values));
  }

  static MetaValue int32s(int... values) {
    return new Many(MetaArray.ofInts(values));
  }

  static MetaValue float32s(float... values) {
    return new Many(MetaArray.ofFloats(values));
  }
}

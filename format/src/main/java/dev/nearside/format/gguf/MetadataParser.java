package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaArray;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the keys and values of a header. Arrays keep the file's bytes; see {@link MetaArray}. */
final class MetadataParser {
  /** The least that a key and its value take: a key of one byte and a value of one. */
  static final int MIN_BYTES = 8 + 1 + 4 + 1;

  private final Cursor in;
  private long strings;

  MetadataParser(Cursor in) {
    this.in = in;
  }

  /**
   * Reads {@code count} keys and values.
   *
   * @throws FormatException when one is broken, or a key appears twice
   */
  Metadata parse(int count) {
    Map<String, MetaValue> values = LinkedHashMap.newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      int start = in.position();
      String key = in.string("metadata key " + i, Rules.MAX_KEY_BYTES);
      if (key.isEmpty()) {
        throw new FormatException(Fault.of("metadata key is empty").where("byte " + start));
      }
      if (values.put(key, value(key)) != null) {
        throw new FormatException(
            Fault.of("metadata key appears twice").got(key).where("byte " + start));
      }
    }
    return Metadata.of(values);
  }

  private MetaValue value(String key) {
    MetaType type = metaType(key);
    String what = "value of metadata key " + key;
    return switch (type) {
      case UINT8 -> new MetaValue.Whole(type, in.int8(what) & 0xFFL);
      case INT8 -> new MetaValue.Whole(type, in.int8(what));
      case UINT16 -> new MetaValue.Whole(type, in.int16(what) & 0xFFFFL);
      case INT16 -> new MetaValue.Whole(type, in.int16(what));
      case UINT32 -> new MetaValue.Whole(type, in.int32(what) & 0xFFFF_FFFFL);
      case INT32 -> new MetaValue.Whole(type, in.int32(what));
      case UINT64, INT64 -> new MetaValue.Whole(type, in.int64(what));
      case FLOAT32 -> new MetaValue.Real(type, Float.intBitsToFloat(in.int32(what)));
      case FLOAT64 -> new MetaValue.Real(type, Double.longBitsToDouble(in.int64(what)));
      case BOOL -> new MetaValue.Flag(flag(in.int8(what), what, in.position() - 1));
      case STRING -> new MetaValue.Text(in.string(what, Rules.MAX_HEADER_BYTES));
      case ARRAY -> new MetaValue.Many(array(key));
    };
  }

  private MetaArray array(String key) {
    MetaType type = metaType(key);
    if (type == MetaType.ARRAY) {
      throw new FormatException(
          Fault.of("arrays of arrays are not supported").where("metadata key " + key));
    }
    String what = "array of metadata key " + key;
    int least = type == MetaType.STRING ? Long.BYTES : type.bytes();
    long size = in.int64("length of " + what);
    if (size < 0 || size > in.remaining() / least) {
      throw new FormatException(
          Fault.of("array is longer than the file")
              .got(Long.toUnsignedString(size) + " elements")
              .expected("at most " + in.remaining() / least)
              .where("metadata key " + key + ", byte " + (in.position() - Long.BYTES)));
    }
    int start = in.position();
    if (type == MetaType.STRING) {
      strings += size;
      if (strings > Rules.MAX_STRINGS) {
        throw new FormatException(
            Fault.of("too many strings in metadata")
                .got(strings)
                .expected("at most " + Rules.MAX_STRINGS)
                .where("metadata key " + key));
      }
      in.skipStrings(size, what);
    } else {
      in.skip(size * least, what);
    }
    try {
      return MetaArray.ofRaw(type, (int) size, in.copySince(start));
    } catch (FormatException e) {
      throw new FormatException(e.fault().where(e.fault().where() + " of " + what), e);
    }
  }

  private MetaType metaType(String key) {
    int id = in.int32("type of metadata key " + key);
    return MetaType.ofGgufId(id)
        .orElseThrow(() ->
            new FormatException(
                Fault.of("type of metadata value is unknown")
                    .got(id)
                    .expected("0 to 12")
                    .where("metadata key " + key + ", byte " + (in.position() - Integer.BYTES))));
  }

  private static boolean flag(byte value, String what, long place) {
    if (value != 0 && value != 1) {
      throw new FormatException(
          Fault.of(what + " is not a boolean")
              .got(value)
              .expected("0 or 1")
              .where("byte " + place));
    }
    return value == 1;
  }
}

package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaArray;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.io.TensorIndex;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what stands before the data of a GGUF file, and believes nothing of it: a count is compared
 * with the bytes that are left before anything of that size is made.
 */
final class HeaderParser {
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

  // The least that one of each takes: a key of one byte and a value of one; a name of one byte, no
  // dimensions, type and offset.
  private static final int MIN_KEY_VALUE_BYTES = 8 + 1 + 4 + 1;
  private static final int MIN_TENSOR_BYTES = 8 + 1 + 4 + 4 + 8;

  private final Cursor in;
  private final int part;
  private long strings;

  private HeaderParser(Cursor in, int part) {
    this.in = in;
    this.part = part;
  }

  /**
   * Reads and checks the header at the start of {@code file}. Whether the tensors' data is there is
   * not checked, so that the head of a file is enough.
   */
  static GgufHeader parse(MemorySegment file, int part) {
    return new HeaderParser(new Cursor(file, MAX_HEADER_BYTES), part).header();
  }

  private GgufHeader header() {
    int magic = in.int32("magic");
    if (magic != MAGIC) {
      throw new FormatException(
          Fault.of("not a GGUF file")
              .got("first bytes " + String.format("%08x", Integer.reverseBytes(magic)))
              .expected("47475546 (GGUF)")
              .where("byte 0"));
    }
    int version = version(in.int32("version"));
    long tensorCount =
        count("tensors", in.int64("tensor count"), MIN_TENSOR_BYTES, TensorIndex.MAX_TENSORS);
    long keyCount = count("metadata keys", in.int64("key count"), MIN_KEY_VALUE_BYTES, MAX_KEYS);
    Metadata metadata = metadata((int) keyCount);
    int alignment = alignment(metadata);
    List<TensorInfo> relative = tensors((int) tensorCount, alignment);
    long dataOffset = pad(in.position(), alignment);
    return new GgufHeader(version, alignment, dataOffset, metadata, absolute(relative, dataOffset));
  }

  private static int version(int version) {
    Fault fault =
        Fault.of("GGUF version is not supported")
            .got(Integer.toUnsignedString(version))
            .expected("2 or 3")
            .where("byte 4");
    if (version != 0 && (version & 0xFFFF) == 0) {
      throw new FormatException(
          fault.hint("This is a big-endian file; convert it to little-endian."));
    }
    if (version == 1) {
      throw new FormatException(fault.hint("Convert the model again: version 1 is of 2023."));
    }
    if (version != 2 && version != 3) {
      throw new FormatException(fault);
    }
    return version;
  }

  private long count(String what, long count, int leastBytes, int max) {
    if (count < 0 || count > in.remaining() / leastBytes || count > max) {
      throw new FormatException(
          Fault.of("number of " + what + " is impossible")
              .got(Long.toUnsignedString(count))
              .expected("at most " + Math.min(max, in.remaining() / leastBytes))
              .where("byte " + (in.position() - Long.BYTES)));
    }
    return count;
  }

  private Metadata metadata(int count) {
    Map<String, MetaValue> values = LinkedHashMap.newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      int start = in.position();
      String key = in.string("metadata key " + i, MAX_KEY_BYTES);
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
      case STRING -> new MetaValue.Text(in.string(what, MAX_HEADER_BYTES));
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
      if (strings > MAX_STRINGS) {
        throw new FormatException(
            Fault.of("too many strings in metadata")
                .got(strings)
                .expected("at most " + MAX_STRINGS)
                .where("metadata key " + key));
      }
      in.skipStrings(size, what);
    } else {
      in.skip(size * least, what);
    }
    byte[] raw = in.copySince(start);
    if (type == MetaType.BOOL) {
      for (int i = 0; i < raw.length; i++) {
        flag(raw[i], what, start + i);
      }
    }
    return MetaArray.ofRaw(type, (int) size, raw);
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

  /** The table of tensors, offsets as stored: from the start of the data section. */
  private List<TensorInfo> tensors(int count, int alignment) {
    List<TensorInfo> tensors = new ArrayList<>(count);
    Set<String> names = HashSet.newHashSet(count);
    for (int i = 0; i < count; i++) {
      TensorInfo tensor = tensor(i, alignment);
      if (!names.add(tensor.name())) {
        throw new FormatException(
            Fault.of("two tensors have the same name")
                .got(tensor.name())
                .where("tensor " + i + ", before byte " + in.position()));
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  private TensorInfo tensor(int i, int alignment) {
    String name = in.string("name of tensor " + i, MAX_NAME_BYTES);
    if (name.isEmpty()) {
      throw new FormatException(
          Fault.of("tensor has no name").where("tensor " + i + ", byte " + in.position()));
    }
    int dims = in.int32("dimension count of tensor " + name);
    if (dims < 0 || dims > MAX_DIMS) {
      throw new FormatException(
          Fault.of("tensor has too many dimensions")
              .got(Integer.toUnsignedString(dims))
              .expected("at most " + MAX_DIMS)
              .where("tensor " + name + ", byte " + (in.position() - Integer.BYTES)));
    }
    long[] shape = new long[dims];
    for (int d = dims - 1; d >= 0; d--) {
      shape[d] = in.int64("shape of tensor " + name);
    }
    int id = in.int32("type of tensor " + name);
    TensorType type =
        TensorType.ofGgmlId(id)
            .orElseThrow(() ->
                new FormatException(
                    Fault.of("tensor type is unknown")
                        .got(id)
                        .where("tensor " + name + ", byte " + (in.position() - Integer.BYTES))));
    long offset = in.int64("offset of tensor " + name);
    if (offset < 0 || offset % alignment != 0) {
      throw new FormatException(
          Fault.of("offset of tensor is impossible")
              .got(Long.toUnsignedString(offset))
              .expected("a multiple of the alignment " + alignment)
              .where("tensor " + name + ", byte " + (in.position() - Long.BYTES)));
    }
    return TensorInfo.sized(name, type, shape, offset, part);
  }

  /** The tensors with offsets from the start of the file; checks overflow and overlap. */
  private List<TensorInfo> absolute(List<TensorInfo> relative, long dataOffset) {
    List<TensorInfo> tensors = new ArrayList<>(relative.size());
    for (TensorInfo tensor : relative) {
      if (tensor.offset() > Long.MAX_VALUE - dataOffset - tensor.bytes()) {
        throw new FormatException(
            Fault.of("tensor ends beyond any file")
                .got("offset " + tensor.offset() + " and " + tensor.bytes() + " bytes")
                .where("tensor " + tensor.name()));
      }
      tensors.add(tensor.at(dataOffset + tensor.offset(), part));
    }
    TensorIndex.checkNoOverlap(tensors);
    return List.copyOf(tensors);
  }

  /** The next multiple of {@code alignment}, a power of two. */
  static long pad(long offset, long alignment) {
    return (offset + alignment - 1) & -alignment;
  }
}

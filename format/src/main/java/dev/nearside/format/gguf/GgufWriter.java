package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaArray;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import dev.nearside.format.io.NewFile;
import dev.nearside.format.io.TensorIndex;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a GGUF model: collect metadata and tensors, then {@link #write} or {@link #writeSplit}.
 * Tensor data is asked for while writing, one tensor after the other, so that nothing but a small
 * buffer is held. A file appears whole or not at all, and is never one that {@link GgufFile}
 * rejects.
 */
public final class GgufWriter {
  private record Item(TensorInfo info, TensorSource source) {}

  private final Map<String, MetaValue> metadata = new LinkedHashMap<>();
  private final List<Item> items = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private int version = 3;

  /** A model without metadata and tensors. */
  public GgufWriter() {}

  /** 3 unless said otherwise; 2 has the same bytes but for this number. */
  public GgufWriter version(int value) {
    if (value != 2 && value != 3) {
      throw new FormatException(
          Fault.of("GGUF version can't be written").got(value).expected("2, 3"));
    }
    version = value;
    return this;
  }

  /** Where data may begin: a power of two from 8 to 2 MiB; 32 unless said otherwise. */
  public GgufWriter alignment(int value) {
    return put(Rules.ALIGNMENT_KEY, MetaValue.uint32(value));
  }

  /** Adds a key, or gives it another value and the last place. */
  public GgufWriter put(String key, MetaValue value) {
    metadata.remove(key);
    metadata.put(key, value);
    return this;
  }

  public GgufWriter put(String key, String value) {
    return put(key, MetaValue.of(value));
  }

  /** As {@link #put} for all keys, in their order. */
  public GgufWriter putAll(Metadata values) {
    values.values().forEach(this::put);
    return this;
  }

  public GgufWriter remove(String key) {
    metadata.remove(key);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param shape row-major, the contiguous dimension last; at most 4
   * @throws FormatException when the name is taken, empty or too long, or the shape impossible
   */
  public GgufWriter tensor(String name, TensorType type, long[] shape, TensorSource source) {
    int nameBytes = utf8(name).length;
    if (nameBytes == 0 || nameBytes > Rules.MAX_NAME_BYTES) {
      throw new FormatException(
          Fault.of("length of a tensor name")
              .got(nameBytes + " bytes")
              .expected("1 to " + Rules.MAX_NAME_BYTES)
              .where("tensor " + name));
    }
    if (shape.length > Rules.MAX_DIMS || items.size() == TensorIndex.MAX_TENSORS) {
      throw new FormatException(
          Fault.of("tensor has too many dimensions, or there are too many tensors")
              .got(shape.length + " dimensions")
              .expected("at most " + Rules.MAX_DIMS)
              .where("tensor " + name));
    }
    if (!names.add(name)) {
      throw new FormatException(Fault.of("two tensors have the same name").got(name));
    }
    items.add(new Item(TensorInfo.sized(name, type, shape, 0, 0), source));
    return this;
  }

  /**
   * Writes one file; an existing one is replaced.
   *
   * @throws FormatException when it can't be written, or a value breaks a rule of the format
   */
  public void write(Path path) {
    try (NewFile out = new NewFile(path)) {
      writeFile(out, metadata, items);
      out.commit();
    }
  }

  /**
   * Writes {@code PREFIX-00001-of-0000N.gguf} and so on. The first part has all metadata.
   *
   * @param prefix folder and first part of the names
   * @param maxBytes tensor data per part; a larger tensor gets a part of its own
   * @return the files, in order
   * @throws FormatException as {@link #write}; none of the files is there then, unless the rename
   *     itself fails
   */
  public List<Path> writeSplit(Path prefix, long maxBytes) {
    List<List<Item>> parts = split(maxBytes);
    if (parts.size() > SplitName.MAX_PARTS) {
      throw new FormatException(
          Fault.of("too many parts").got(parts.size()).expected("at most " + SplitName.MAX_PARTS));
    }
    SplitName name = new SplitName(String.valueOf(prefix.getFileName()), 0, parts.size());
    List<Path> paths = name.siblings(prefix);
    List<NewFile> files = new ArrayList<>();
    try {
      for (int i = 0; i < parts.size(); i++) {
        Map<String, MetaValue> own = i == 0 ? new LinkedHashMap<>(metadata) : new LinkedHashMap<>();
        MetaValue alignment = metadata.get(Rules.ALIGNMENT_KEY);
        if (alignment != null) {
          own.put(Rules.ALIGNMENT_KEY, alignment);
        }
        own.put(Part.NUMBER_KEY, new MetaValue.Whole(MetaType.UINT16, i));
        own.put(Part.COUNT_KEY, new MetaValue.Whole(MetaType.UINT16, parts.size()));
        own.put(Part.TENSORS_KEY, MetaValue.int32(items.size()));
        NewFile file = new NewFile(paths.get(i));
        files.add(file);
        writeFile(file, own, parts.get(i));
      }
      // The first part comes last: without it the others are not taken for a model.
      NewFile.commitAll(files.reversed());
    } finally {
      NewFile.closeAll(files);
    }
    return paths;
  }

  private List<List<Item>> split(long maxBytes) {
    int alignment = Rules.alignment(Metadata.of(metadata));
    List<List<Item>> parts = new ArrayList<>();
    List<Item> part = new ArrayList<>();
    long bytes = 0;
    for (Item item : items) {
      long padded = Rules.pad(item.info.bytes(), alignment);
      if (!part.isEmpty() && padded > maxBytes - bytes) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(item);
      bytes += padded;
    }
    parts.add(part);
    return parts;
  }

  private void writeFile(NewFile out, Map<String, MetaValue> values, List<Item> tensors) {
    int alignment = Rules.alignment(Metadata.of(values));
    out.int32(Rules.MAGIC);
    out.int32(version);
    out.int64(tensors.size());
    out.int64(values.size());
    values.forEach((key, value) -> writeKeyValue(out, key, value));
    checkStrings(values);
    long offset = 0;
    for (Item item : tensors) {
      writeInfo(out, item.info, offset);
      offset = Math.addExact(offset, Rules.pad(item.info.bytes(), alignment));
    }
    if (out.position() > Rules.MAX_HEADER_BYTES) {
      throw new FormatException(
          Fault.of("header is too long")
              .got(out.position() + " bytes")
              .expected("at most " + Rules.MAX_HEADER_BYTES));
    }
    pad(out, alignment);
    for (Item item : tensors) {
      out.tensor(item.info, item.source);
      pad(out, alignment);
    }
  }

  private static void pad(NewFile out, int alignment) {
    out.zeros(Rules.pad(out.position(), alignment) - out.position());
  }

  private static void writeInfo(NewFile out, TensorInfo info, long offset) {
    string(out, info.name());
    out.int32(info.dims());
    for (int d = info.dims() - 1; d >= 0; d--) {
      out.int64(info.dim(d));
    }
    out.int32(info.type().ggmlId());
    out.int64(offset);
  }

  private static void writeKeyValue(NewFile out, String key, MetaValue value) {
    int keyBytes = utf8(key).length;
    if (keyBytes == 0 || keyBytes > Rules.MAX_KEY_BYTES) {
      throw new FormatException(
          Fault.of("length of a metadata key")
              .got(keyBytes + " bytes")
              .expected("1 to " + Rules.MAX_KEY_BYTES)
              .where("metadata key " + key));
    }
    string(out, key);
    out.int32(value.type().ggufId());
    switch (value) {
      case MetaValue.Flag flag -> out.bytes(new byte[] {(byte) (flag.value() ? 1 : 0)});
      case MetaValue.Whole whole -> integer(out, whole.value(), whole.type().bytes());
      case MetaValue.Real real ->
          integer(
              out,
              real.type() == MetaType.FLOAT32
                  ? Float.floatToRawIntBits((float) real.value())
                  : Double.doubleToRawLongBits(real.value()),
              real.type().bytes());
      case MetaValue.Text text -> string(out, text.value());
      case MetaValue.Many many -> {
        MetaArray array = many.array();
        out.int32(array.elementType().ggufId());
        out.int64(array.size());
        out.segment(MemorySegment.ofBuffer(array.raw()));
      }
    }
  }

  private static void checkStrings(Map<String, MetaValue> values) {
    long strings = 0;
    for (MetaValue value : values.values()) {
      if (value instanceof MetaValue.Many many && many.array().elementType() == MetaType.STRING) {
        strings += many.array().size();
      }
    }
    if (strings > Rules.MAX_STRINGS || values.size() > Rules.MAX_KEYS) {
      throw new FormatException(
          Fault.of("too much metadata")
              .got(values.size() + " keys, " + strings + " strings in arrays")
              .expected("at most " + Rules.MAX_KEYS + " and " + Rules.MAX_STRINGS));
    }
  }

  /** The low {@code bytes} bytes of {@code value}. */
  private static void integer(NewFile out, long value, int bytes) {
    byte[] raw = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      raw[i] = (byte) (value >>> (8 * i));
    }
    out.bytes(raw);
  }

  private static void string(NewFile out, String text) {
    byte[] utf8 = utf8(text);
    out.int64(utf8.length);
    out.bytes(utf8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

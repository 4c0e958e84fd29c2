package dev.nearside.format.safetensors;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import dev.nearside.format.io.NewFile;
import dev.nearside.format.io.TensorIndex;
import dev.nearside.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a safetensors model: collect strings and tensors, then {@link #write} or {@link
 * #writeSharded}. Tensor data is asked for while writing, one tensor after the other. Files appear
 * whole or not at all.
 */
public final class SafetensorsWriter {
  private static final int HEADER_ALIGNMENT = 8;
  private static final JsonFactory FACTORY = new JsonFactory();

  private record Item(TensorInfo info, Dtype dtype, TensorSource source) {}

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Item> items = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** A model without tensors. */
  public SafetensorsWriter() {}

  /** Adds a string to {@code __metadata__}; transformers wants {@code format} = {@code pt}. */
  public SafetensorsWriter put(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param shape row-major, the contiguous dimension last
   * @throws FormatException when the name is taken, the shape impossible, or safetensors has no
   *     such type (it has no quantised ones)
   */
  public SafetensorsWriter tensor(String name, TensorType type, long[] shape, TensorSource source) {
    Dtype dtype =
        Dtype.ofType(type)
            .orElseThrow(() ->
                new FormatException(
                    Fault.of("safetensors has no such type")
                        .got(type)
                        .expected("F64, F32, F16, BF16, I64, I32, I16 or I8")
                        .where("tensor " + name)));
    if (name.equals(Header.METADATA)
        || name.length() > Json.MAX_NAME_CHARS
        || shape.length > Header.MAX_DIMS
        || items.size() == TensorIndex.MAX_TENSORS) {
      throw new FormatException(
          Fault.of("tensor can't be written: its name, its dimensions, or one tensor too many")
              .got(shape.length + " dimensions")
              .where("tensor " + name));
    }
    if (!names.add(name)) {
      throw new FormatException(Fault.of("two tensors have the same name").got(name));
    }
    items.add(new Item(TensorInfo.sized(name, type, shape, 0, 0), dtype, source));
    return this;
  }

  /**
   * Writes one file; an existing one is replaced.
   *
   * @throws FormatException when it can't be written, or a source has another size than its tensor
   */
  public void write(Path path) {
    try (NewFile out = new NewFile(path)) {
      writeFile(out, items);
      out.commit();
    }
  }

  /**
   * Writes {@code model-00001-of-0000N.safetensors} … and {@code model.safetensors.index.json}, or
   * {@code model.safetensors} alone when everything fits into one file.
   *
   * @param maxBytes tensor data per file; a larger tensor gets a file of its own
   * @return the safetensors files, in order
   * @throws FormatException as {@link #write}
   */
  public List<Path> writeSharded(Path folder, long maxBytes) {
    List<List<Item>> shards = split(maxBytes);
    if (shards.size() == 1) {
      Path path = folder.resolve(SafetensorsFile.SINGLE_NAME);
      write(path);
      return List.of(path);
    }
    List<Path> paths = new ArrayList<>();
    Map<String, String> fileOf = new LinkedHashMap<>();
    List<NewFile> files = new ArrayList<>();
    try {
      for (List<Item> shard : shards) {
        String name =
            String.format(
                Locale.ROOT, "model-%05d-of-%05d.safetensors", paths.size() + 1, shards.size());
        paths.add(folder.resolve(name));
        shard.forEach(item -> fileOf.put(item.info.name(), name));
        NewFile file = new NewFile(folder.resolve(name));
        files.add(file);
        writeFile(file, shard);
      }
      NewFile index = new NewFile(folder.resolve(ShardIndex.FILE_NAME));
      files.add(index);
      index.bytes(indexJson(fileOf));
      // The index comes last: without it the shards are not taken for a model.
      NewFile.commitAll(files);
    } finally {
      NewFile.closeAll(files);
    }
    return List.copyOf(paths);
  }

  private List<List<Item>> split(long maxBytes) {
    List<List<Item>> shards = new ArrayList<>();
    List<Item> shard = new ArrayList<>();
    long bytes = 0;
    for (Item item : items) {
      if (!shard.isEmpty() && item.info.bytes() > maxBytes - bytes) {
        shards.add(shard);
        shard = new ArrayList<>();
        bytes = 0;
      }
      shard.add(item);
      bytes += item.info.bytes();
    }
    shards.add(shard);
    return shards;
  }

  private void writeFile(NewFile out, List<Item> tensors) {
    // As the reference writer: wide elements first, so that each tensor is aligned to its elements.
    List<Item> ordered = new ArrayList<>(tensors);
    ordered.sort(
        Comparator.comparingInt((Item item) -> -item.dtype.bits())
            .thenComparing(item -> item.info.name()));
    byte[] header = header(ordered);
    out.int64(header.length);
    out.bytes(header);
    for (Item item : ordered) {
      out.tensor(item.info, item.source);
    }
  }

  private byte[] header(List<Item> ordered) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeName(Header.METADATA);
        writeStrings(json, metadata);
      }
      long offset = 0;
      for (Item item : ordered) {
        long end = Math.addExact(offset, item.info.bytes());
        json.writeName(item.info.name());
        json.writeStartObject();
        json.writeStringProperty("dtype", item.dtype.name());
        writeLongs(json, "shape", item.info.shape());
        writeLongs(json, "data_offsets", offset, end);
        json.writeEndObject();
        offset = end;
      }
      json.writeEndObject();
    }
    while ((Header.LENGTH_BYTES + out.size()) % HEADER_ALIGNMENT != 0) {
      out.write(' ');
    }
    if (out.size() > Header.MAX_HEADER_BYTES) {
      throw new FormatException(
          Fault.of("safetensors header is too long")
              .got(out.size() + " bytes")
              .expected("at most " + Header.MAX_HEADER_BYTES));
    }
    return out.toByteArray();
  }

  private byte[] indexJson(Map<String, String> fileOf) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeName("metadata");
      json.writeStartObject();
      json.writeNumberProperty(
          "total_size", items.stream().mapToLong(item -> item.info.bytes()).sum());
      json.writeEndObject();
      json.writeName("weight_map");
      writeStrings(json, fileOf);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void writeStrings(JsonGenerator json, Map<String, String> values) {
    json.writeStartObject();
    values.forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private static void writeLongs(JsonGenerator json, String name, long... values) {
    json.writeName(name);
    json.writeArray(values, 0, values.length);
  }
}

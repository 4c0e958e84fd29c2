package dev.nearside.format.safetensors;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.io.MappedFile;
import dev.nearside.format.io.TensorIndex;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A safetensors model: one file, or a folder of shards with its index. {@link #metadata} has the
 * strings of the first file's {@code __metadata__}; what the model is stands in {@code config.json}
 * (see {@link HfFolder}).
 */
public final class SafetensorsFile implements TensorFile {
  static final String SINGLE_NAME = "model.safetensors";
  private static final String SUFFIX = ".safetensors";

  private final Arena arena;
  private final List<Path> paths;
  private final Metadata metadata;
  private final TensorIndex index;
  private final Map<String, String> unreadable;

  private SafetensorsFile(Arena arena, List<Path> paths, Content content) {
    this.arena = arena;
    this.paths = List.copyOf(paths);
    this.metadata = content.metadata;
    this.index = new TensorIndex(content.parts, content.tensors);
    this.unreadable = content.unreadable;
  }

  /**
   * Opens a model.
   *
   * @param path a {@code .safetensors} file; or a {@code .safetensors.index.json} file with the
   *     shards beside it; or a folder with {@code model.safetensors.index.json}, {@code
   *     model.safetensors}, or a single {@code .safetensors} file, looked for in this order
   * @throws FormatException when a file is missing or broken
   */
  public static SafetensorsFile open(Path path) {
    if (Files.isDirectory(path)) {
      return open(inFolder(path));
    }
    if (path.toString().endsWith(".json")) {
      ShardIndex shards = ShardIndex.read(path);
      List<Path> files = shards.files().stream().map(path::resolveSibling).toList();
      return map(files, Optional.of(shards));
    }
    return map(List.of(path), Optional.empty());
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<TensorInfo> tensors() {
    return index.tensors();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return index.find(name);
  }

  @Override
  public TensorInfo get(String name) {
    String dtype = unreadable.get(name);
    if (dtype != null) {
      throw new FormatException(
          Fault.of("tensor has a dtype that can't be read").got(dtype).where("tensor " + name));
    }
    return TensorFile.super.get(name);
  }

  @Override
  public MemorySegment data(TensorInfo tensor) {
    return index.data(tensor);
  }

  /**
   * Tensors that are in the files but not among {@link #tensors}, because their dtype has no {@link
   * TensorType}: name to dtype. Models carry such things as boolean masks.
   */
  public Map<String, String> unreadable() {
    return unreadable;
  }

  /** The files, in order. */
  public List<Path> paths() {
    return paths;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** What was read of the files so far. */
  private static final class Content {
    final List<MemorySegment> parts = new ArrayList<>();
    final List<TensorInfo> tensors = new ArrayList<>();
    final Map<String, String> unreadable = new LinkedHashMap<>();
    Metadata metadata = Metadata.empty();

    void add(Header header, MemorySegment part, Optional<ShardIndex> shards, String file) {
      if (parts.isEmpty()) {
        Map<String, MetaValue> values = new LinkedHashMap<>();
        header.metadata().forEach((key, value) -> values.put(key, MetaValue.of(value)));
        metadata = Metadata.of(values);
      }
      for (Header.Entry entry : header.tensors()) {
        // A shard may repeat a tensor that the index takes from another one.
        if (shards.isPresent() && !file.equals(shards.get().fileOf().get(entry.name()))) {
          continue;
        }
        TensorType type = entry.dtype().type().orElse(null);
        if (type == null) {
          unreadable.put(entry.name(), entry.dtype().name());
        } else {
          tensors.add(
              TensorInfo.sized(entry.name(), type, entry.shape(), entry.begin(), parts.size()));
        }
      }
      parts.add(part);
    }
  }

  private static SafetensorsFile map(List<Path> files, Optional<ShardIndex> shards) {
    Arena arena = Arena.ofShared();
    try {
      Content content = new Content();
      for (Path file : files) {
        MemorySegment part = MappedFile.map(file, arena);
        content.add(parse(part, file), part, shards, String.valueOf(file.getFileName()));
      }
      SafetensorsFile result = new SafetensorsFile(arena, files, content);
      shards.ifPresent(result::checkComplete);
      return result;
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static Header parse(MemorySegment part, Path file) {
    try {
      return Header.parse(part);
    } catch (FormatException e) {
      String inner = e.fault().where();
      throw new FormatException(
          e.fault().where(inner == null ? file.toString() : inner + " of " + file), e);
    }
  }

  private void checkComplete(ShardIndex shards) {
    shards
        .fileOf()
        .forEach((tensor, file) -> {
          if (find(tensor).isEmpty() && !unreadable.containsKey(tensor)) {
            throw new FormatException(
                Fault.of("shard does not have a tensor that the index says it has")
                    .got("no tensor " + tensor)
                    .where(file));
          }
        });
  }

  private static Path inFolder(Path folder) {
    for (String name : List.of(ShardIndex.FILE_NAME, SINGLE_NAME)) {
      Path path = folder.resolve(name);
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files =
          entries
              .filter(p -> p.toString().endsWith(SUFFIX) && Files.isRegularFile(p))
              .limit(2)
              .toList();
    } catch (IOException e) {
      throw new FormatException(Fault.of("folder can't be read").got(e).where(folder), e);
    }
    if (files.size() != 1) {
      throw new FormatException(
          Fault.of("folder has no safetensors model")
              .got(files.isEmpty() ? "no " + SUFFIX + " file" : "several, without an index")
              .expected(ShardIndex.FILE_NAME + " or " + SINGLE_NAME)
              .where(folder));
    }
    return files.getFirst();
  }
}

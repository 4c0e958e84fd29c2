package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.io.MappedFile;
import dev.nearside.format.io.TensorIndex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A GGUF model: one file, or all parts of a split one. {@link #metadata} is that of the first part,
 * which has everything.
 */
public final class GgufFile implements TensorFile {
  private final Arena arena;
  private final List<Part> parts;
  private final TensorIndex index;

  private GgufFile(Arena arena, List<Part> parts) {
    this.arena = arena;
    this.parts = List.copyOf(parts);
    this.index =
        new TensorIndex(
            parts.stream().map(Part::bytes).toList(),
            parts.stream().flatMap(part -> part.header().tensors().stream()).toList());
  }

  /**
   * Opens a model; of a split one, {@code path} is any part and the others lie beside it.
   *
   * @throws FormatException when a file is missing, broken or cut short
   */
  public static GgufFile open(Path path) {
    Arena arena = Arena.ofShared();
    try {
      Part part = Part.map(path, 0, arena);
      int count = part.splitCount();
      return count == 1
          ? new GgufFile(arena, List.of(part))
          : mapParts(arena, SplitName.parts(path, count));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Opens a model whose parts, in order, have any names.
   *
   * @throws FormatException when a file is missing, broken or cut short, or the files are not
   *     exactly the parts of one model
   */
  public static GgufFile open(List<Path> paths) {
    if (paths.isEmpty()) {
      throw new FormatException(Fault.of("a model has at least one file").got(0));
    }
    Arena arena = Arena.ofShared();
    try {
      return mapParts(arena, paths);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /**
   * The header of this one file, checked; the tensors' data need not be there, so that the first
   * megabytes of a download are enough to say what it is.
   *
   * @throws FormatException when the header is broken or cut short
   */
  public static GgufHeader readHeader(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      return Part.parse(MappedFile.map(path, arena), path, 0);
    }
  }

  /**
   * As {@link #readHeader(Path)}, of bytes that were read already.
   *
   * @param bytes the first ones of a file
   * @param path whose they are, for errors
   */
  public static GgufHeader readHeader(MemorySegment bytes, Path path) {
    return Part.parse(bytes, path, 0);
  }

  @Override
  public Metadata metadata() {
    return parts.getFirst().header().metadata();
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
  public MemorySegment data(TensorInfo tensor) {
    return index.data(tensor);
  }

  /** The files, in order. */
  public List<Path> paths() {
    return parts.stream().map(Part::path).toList();
  }

  /** The header of each file, in order. */
  public List<GgufHeader> headers() {
    return parts.stream().map(Part::header).toList();
  }

  @Override
  public void close() {
    arena.close();
  }

  private static GgufFile mapParts(Arena arena, List<Path> paths) {
    checkPresent(paths);
    List<Part> parts = new ArrayList<>();
    for (Path path : paths) {
      Part part = Part.map(path, parts.size(), arena);
      part.checkNumber(parts.size(), paths.size());
      parts.add(part);
    }
    GgufFile file = new GgufFile(arena, parts);
    file.checkTensorCount();
    return file;
  }

  /** Before anything is mapped: a missing part is the usual mistake and deserves a whole answer. */
  private static void checkPresent(List<Path> paths) {
    for (int i = 0; i < paths.size() && paths.size() > 1; i++) {
      if (!Files.isRegularFile(paths.get(i))) {
        throw new FormatException(
            Fault.of("part of a split model is missing")
                .got("no part " + (i + 1) + " of " + paths.size())
                .expected(paths.get(i).getFileName())
                .where(paths.get(i))
                .hint("Put all parts into one folder."));
      }
    }
  }

  private void checkTensorCount() {
    int found = tensors().size();
    long expected = metadata().findInteger(Part.TENSORS_KEY).orElse(found);
    if (parts.size() > 1 && expected != found) {
      throw new FormatException(
          Fault.of("parts of a split model have another number of tensors")
              .got(found)
              .expected(expected)
              .where("metadata key " + Part.TENSORS_KEY));
    }
  }
}

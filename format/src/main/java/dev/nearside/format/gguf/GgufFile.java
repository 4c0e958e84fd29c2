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
  static final String SPLIT_NO = "split.no";
  static final String SPLIT_COUNT = "split.count";
  static final String SPLIT_TENSORS = "split.tensors.count";

  private final Arena arena;
  private final List<Path> paths;
  private final List<GgufHeader> headers;
  private final TensorIndex index;

  private GgufFile(
      Arena arena, List<Path> paths, List<GgufHeader> headers, List<MemorySegment> parts) {
    this.arena = arena;
    this.paths = List.copyOf(paths);
    this.headers = List.copyOf(headers);
    this.index =
        new TensorIndex(parts, headers.stream().flatMap(h -> h.tensors().stream()).toList());
  }

  /**
   * Opens a model; of a split one, {@code path} is any part and the others lie beside it.
   *
   * @throws FormatException when a file is missing, broken or cut short
   */
  public static GgufFile open(Path path) {
    int count = splitCount(readHeader(path));
    return open(count > 1 ? SplitName.parts(path, count) : List.of(path));
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
    checkPresent(paths);
    Arena arena = Arena.ofShared();
    try {
      List<MemorySegment> parts = new ArrayList<>();
      List<GgufHeader> headers = new ArrayList<>();
      for (int i = 0; i < paths.size(); i++) {
        MemorySegment part = MappedFile.map(paths.get(i), arena);
        GgufHeader header = parse(part, paths.get(i), i);
        checkWhole(header, part.byteSize(), paths.get(i));
        checkPart(header, i, paths);
        parts.add(part);
        headers.add(header);
      }
      GgufFile file = new GgufFile(arena, paths, headers, parts);
      file.checkTensorCount();
      return file;
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
      return parse(MappedFile.map(path, arena), path, 0);
    }
  }

  @Override
  public Metadata metadata() {
    return headers.getFirst().metadata();
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
    return paths;
  }

  /** The header of each file, in order. */
  public List<GgufHeader> headers() {
    return headers;
  }

  @Override
  public void close() {
    arena.close();
  }

  private static GgufHeader parse(MemorySegment file, Path path, int part) {
    try {
      return HeaderParser.parse(file, part);
    } catch (FormatException e) {
      String inner = e.fault().where();
      throw new FormatException(
          e.fault().where(inner == null ? path.toString() : inner + " of " + path), e);
    }
  }

  /** How many files the model has, from its metadata. */
  private static int splitCount(GgufHeader header) {
    int count = header.metadata().findInt32(SPLIT_COUNT).orElse(1);
    if (count < 0 || count > SplitName.MAX_PARTS) {
      throw new FormatException(
          Fault.of("number of parts is impossible")
              .got(count)
              .expected("at most " + SplitName.MAX_PARTS)
              .where("metadata key " + SPLIT_COUNT));
    }
    return Math.max(count, 1);
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

  private static void checkWhole(GgufHeader header, long fileBytes, Path path) {
    for (TensorInfo tensor : header.tensors()) {
      if (tensor.offset() + tensor.bytes() > fileBytes) {
        throw new FormatException(
            Fault.of("file is cut short: data of a tensor is missing")
                .got(fileBytes + " bytes")
                .expected("at least " + header.endOfData())
                .where("tensor " + tensor.name() + ", byte " + tensor.offset() + " of " + path)
                .hint("Download the file again."));
      }
    }
  }

  private static void checkPart(GgufHeader header, int part, List<Path> paths) {
    int count = splitCount(header);
    int number = header.metadata().findInt32(SPLIT_NO).orElse(0);
    if (count != paths.size() || number != part) {
      throw new FormatException(
          Fault.of("file is not the expected part of a split model")
              .got("part " + (number + 1) + " of " + count)
              .expected("part " + (part + 1) + " of " + paths.size())
              .where(paths.get(part)));
    }
  }

  private void checkTensorCount() {
    int found = tensors().size();
    metadata()
        .findInteger(SPLIT_TENSORS)
        .ifPresent(expected -> {
          if (paths.size() > 1 && expected != found) {
            throw new FormatException(
                Fault.of("parts of a split model have another number of tensors")
                    .got(found)
                    .expected(expected)
                    .where("metadata key " + SPLIT_TENSORS));
          }
        });
  }
}

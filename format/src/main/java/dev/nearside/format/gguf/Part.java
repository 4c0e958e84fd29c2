package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.io.MappedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** One mapped file of a GGUF model. */
record Part(Path path, GgufHeader header, MemorySegment bytes) {
  static final String NUMBER_KEY = "split.no";
  static final String COUNT_KEY = "split.count";
  static final String TENSORS_KEY = "split.tensors.count";

  /**
   * Maps and checks a whole file.
   *
   * @param part its number, for its tensors
   */
  static Part map(Path path, int part, Arena arena) {
    MemorySegment bytes = MappedFile.map(path, arena);
    GgufHeader header = parse(bytes, path, part);
    for (TensorInfo tensor : header.tensors()) {
      if (tensor.offset() + tensor.bytes() > bytes.byteSize()) {
        throw new FormatException(
            Fault.of("file is cut short: data of a tensor is missing")
                .got(bytes.byteSize() + " bytes")
                .expected("at least " + header.endOfData())
                .where("tensor " + tensor.name() + ", byte " + tensor.offset() + " of " + path)
                .hint("Download the file again."));
      }
    }
    return new Part(path, header, bytes);
  }

  /** Reads and checks the header alone; adds the path to what is wrong. */
  static GgufHeader parse(MemorySegment file, Path path, int part) {
    try {
      return HeaderParser.parse(file, part);
    } catch (FormatException e) {
      String inner = e.fault().where();
      throw new FormatException(
          e.fault().where(inner == null ? path.toString() : inner + " of " + path), e);
    }
  }

  /** How many files the model has, from the metadata; 1 when it is not split. */
  int splitCount() {
    int count = header.metadata().findInt32(COUNT_KEY).orElse(1);
    if (count < 0 || count > SplitName.MAX_PARTS) {
      throw new FormatException(
          Fault.of("number of parts is impossible")
              .got(count)
              .expected("at most " + SplitName.MAX_PARTS)
              .where("metadata key " + COUNT_KEY + " of " + path));
    }
    return Math.max(count, 1);
  }

  /**
   * @throws FormatException when this is not part {@code number} (from 0) of {@code count}
   */
  void checkNumber(int number, int count) {
    int ownCount = splitCount();
    int ownNumber = header.metadata().findInt32(NUMBER_KEY).orElse(0);
    if (ownCount != count || ownNumber != number) {
      throw new FormatException(
          Fault.of("file is not the expected part of a split model")
              .got("part " + (ownNumber + 1L) + " of " + ownCount)
              .expected("part " + (number + 1) + " of " + count)
              .where(path));
    }
  }
}

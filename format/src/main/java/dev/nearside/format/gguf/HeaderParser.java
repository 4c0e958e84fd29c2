package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.io.TensorIndex;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what stands before the data of a GGUF file, and believes nothing of it: a count is compared
 * with the bytes that are left before anything of that size is made.
 */
final class HeaderParser {
  /** A name of one byte, no dimensions, type and offset. */
  private static final int MIN_TENSOR_BYTES = 8 + 1 + 4 + 4 + 8;

  private final Cursor in;
  private final int part;

  private HeaderParser(Cursor in, int part) {
    this.in = in;
    this.part = part;
  }

  /**
   * Reads and checks the header at the start of {@code file}. Whether the tensors' data is there is
   * not checked, so that the head of a file is enough.
   */
  static GgufHeader parse(MemorySegment file, int part) {
    return new HeaderParser(new Cursor(file, Rules.MAX_HEADER_BYTES), part).header();
  }

  private GgufHeader header() {
    int magic = in.int32("magic");
    if (magic != Rules.MAGIC) {
      throw new FormatException(
          Fault.of("not a GGUF file")
              .got("first bytes " + String.format("%08x", Integer.reverseBytes(magic)))
              .expected("47475546 (GGUF)")
              .where("byte 0"));
    }
    int version = version(in.int32("version"));
    long tensorCount =
        count("tensors", in.int64("tensor count"), MIN_TENSOR_BYTES, TensorIndex.MAX_TENSORS);
    long keyCount =
        count("metadata keys", in.int64("key count"), MetadataParser.MIN_BYTES, Rules.MAX_KEYS);
    Metadata metadata = new MetadataParser(in).parse((int) keyCount);
    int alignment = Rules.alignment(metadata);
    List<TensorInfo> relative = tensors((int) tensorCount, alignment);
    long dataOffset = Rules.pad(in.position(), alignment);
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
    String name = in.string("name of tensor " + i, Rules.MAX_NAME_BYTES);
    if (name.isEmpty()) {
      throw new FormatException(
          Fault.of("tensor has no name").where("tensor " + i + ", byte " + in.position()));
    }
    int dims = in.int32("dimension count of tensor " + name);
    if (dims < 0 || dims > Rules.MAX_DIMS) {
      throw new FormatException(
          Fault.of("tensor has too many dimensions")
              .got(Integer.toUnsignedString(dims))
              .expected("at most " + Rules.MAX_DIMS)
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
}

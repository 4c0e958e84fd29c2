package dev.nearside.format.gguf;

import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import java.util.List;

/**
 * What stands before the data of one GGUF file.
 *
 * @param version 2 or 3
 * @param alignment the data section and each tensor begin at a multiple of this many bytes
 * @param dataOffset where the data section begins, in bytes from the start of the file
 * @param tensors in the file's order, with offsets from the start of the file
 */
public record GgufHeader(
    int version, int alignment, long dataOffset, Metadata metadata, List<TensorInfo> tensors) {

  /** Where the last tensor ends: the file must have at least this many bytes to be whole. */
  public long endOfData() {
    return tensors.stream().mapToLong(t -> t.offset() + t.bytes()).max().orElse(0);
  }

  /** Bytes of all tensors. */
  public long tensorBytes() {
    return tensors.stream().mapToLong(TensorInfo::bytes).sum();
  }
}

package dev.nearside.format;

import dev.nearside.base.Fault;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A model file, or the files of one split or sharded model, mapped into memory. Nothing is read
 * before it is asked for; everything in the header was checked against the files' sizes when they
 * were opened.
 *
 * <p>Safe for use by many threads; {@link #close} is the owner's, after the last use of {@link
 * #data}.
 */
public interface TensorFile extends AutoCloseable {

  /** Stays usable after {@link #close}. */
  Metadata metadata();

  /** All tensors, in the order of the files. */
  List<TensorInfo> tensors();

  /** The tensor with this name; empty when there is none. */
  Optional<TensorInfo> find(String name);

  /**
   * Exactly the bytes of a tensor of this file: mapped, read-only, valid until {@link #close}.
   *
   * @throws FormatException when {@code tensor} is not of this file
   */
  MemorySegment data(TensorInfo tensor);

  /**
   * The tensor with this name.
   *
   * @throws FormatException when there is none
   */
  default TensorInfo get(String name) {
    return find(name)
        .orElseThrow(() -> new FormatException(Fault.of("tensor is missing").expected(name)));
  }

  /** Unmaps the files; their segments throw {@link IllegalStateException} afterwards. */
  @Override
  void close();
}

package dev.nearside.format;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.util.Arrays;

/**
 * A tensor in a file: what it is and where its bytes lie.
 *
 * @param name its name in the file
 * @param shape row-major: the outermost dimension first, the contiguous one last. A GGUF file
 *     stores them in the opposite order ({@code ne[0]} is contiguous). Empty for a scalar
 * @param bytes the exact size of its data
 * @param offset where the data begins, in bytes from the start of its file
 * @param part which file of a split or sharded model holds it, from 0
 */
public record TensorInfo(
    String name, TensorType type, long[] shape, long bytes, long offset, int part) {

  public TensorInfo {
    shape = shape.clone();
  }

  /**
   * A tensor whose size follows from type and shape.
   *
   * @throws FormatException when a dimension is negative, the size overflows 63 bits, or rows are
   *     not a whole number of blocks
   */
  public static TensorInfo sized(
      String name, TensorType type, long[] shape, long offset, int part) {
    long elems = 1;
    for (long dim : shape) {
      if (dim < 0) {
        throw new FormatException(
            Fault.of("tensor has a negative dimension").got(dim).where("tensor " + name));
      }
      // Also with a zero dimension elsewhere: such a shape is nonsense, not an empty tensor.
      if (Math.multiplyHigh(elems, dim) != 0 || elems * dim < 0) {
        throw new FormatException(
            Fault.of("tensor has too many elements")
                .got(Arrays.toString(shape))
                .expected("a product below 2^63")
                .where("tensor " + name));
      }
      elems *= dim;
    }
    long cols = shape.length == 0 ? 1 : shape[shape.length - 1];
    if (cols % type.blockElems() != 0) {
      throw new FormatException(
          Fault.of("rows of a " + type + " tensor are not a whole number of blocks")
              .got(cols)
              .expected("a multiple of " + type.blockElems())
              .where("tensor " + name));
    }
    try {
      return new TensorInfo(name, type, shape, type.bytes(elems), offset, part);
    } catch (TensorException e) {
      throw new FormatException(e.fault().where("tensor " + name), e);
    }
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Number of dimensions. */
  public int dims() {
    return shape.length;
  }

  /** Size of dimension {@code i} of {@link #shape}. */
  public long dim(int i) {
    return shape[i];
  }

  public long elems() {
    long elems = 1;
    for (long dim : shape) {
      elems *= dim;
    }
    return elems;
  }

  /** The contiguous dimension; 1 for a scalar. */
  public long cols() {
    return shape.length == 0 ? 1 : shape[shape.length - 1];
  }

  /** The product of all dimensions but the contiguous one; 1 for a vector. */
  public long rows() {
    long rows = 1;
    for (int i = 0; i < shape.length - 1; i++) {
      rows *= shape[i];
    }
    return rows;
  }

  /** The same tensor in another place. */
  public TensorInfo at(long newOffset, int newPart) {
    return new TensorInfo(name, type, shape, bytes, newOffset, newPart);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(shape, that.shape)
        && bytes == that.bytes
        && offset == that.offset
        && part == that.part;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Long.hashCode(offset);
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape) + " at " + offset + " of part " + part;
  }
}

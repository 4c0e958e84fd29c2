package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The changes of order and value between transformers' tensors and GGUF's. */
final class Reorder {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Reorder() {}

  /**
   * Rows of each head so that the two rows of a rotation stand next to each other: row {@code i}
   * goes to {@code 2i}, row {@code i + dim / 2} to {@code 2i + 1}. A vector's rows are its
   * elements.
   */
  static MemorySegment interleaveHalves(TensorInfo info, MemorySegment data, int heads) {
    long rows = info.dim(0);
    if (rows % (2L * heads) != 0) {
      throw new ModelException(
          Fault.of("tensor does not divide into heads")
              .got(rows + " rows")
              .expected("a multiple of " + 2 * heads)
              .where("tensor " + info.name()));
    }
    long rowBytes = info.bytes() / rows;
    long dim = rows / heads;
    MemorySegment out = Arena.ofAuto().allocate(info.bytes(), 64);
    for (long head = 0; head < heads; head++) {
      for (long i = 0; i < dim; i++) {
        long to = head * dim + (i < dim / 2 ? 2 * i : 2 * (i - dim / 2) + 1);
        MemorySegment.copy(data, (head * dim + i) * rowBytes, out, to * rowBytes, rowBytes);
      }
    }
    return out;
  }

  /** The values plus one, as f32. */
  static MemorySegment plusOne(TensorInfo info, MemorySegment data) {
    float[] values = decode(info, data);
    for (int i = 0; i < values.length; i++) {
      values[i] += 1f;
    }
    return encode(values);
  }

  /** The values of a small tensor. */
  static float[] decode(TensorInfo info, MemorySegment data) {
    TensorType type = info.type();
    float[] values = new float[Math.toIntExact(info.elems())];
    QuantFormats.decoder(type)
        .orElseThrow(() ->
            new ModelException(
                Fault.of("tensor type can't hold weights")
                    .got(type)
                    .expected("F32, F16 or BF16")
                    .where("tensor " + info.name())))
        .decode(data, 0, values, 0, values.length / type.blockElems());
    return values;
  }

  /** f32 values as a tensor's data. */
  static MemorySegment encode(float[] values) {
    MemorySegment out = Arena.ofAuto().allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, out, FLOAT, 0, values.length);
    return out;
  }
}

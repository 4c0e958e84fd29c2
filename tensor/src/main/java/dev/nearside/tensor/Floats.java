package dev.nearside.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A run of float32 values outside the Java heap, aligned to 64 bytes: what kernels read and write.
 * Shapes are said by whoever uses it; row-major, the last dimension contiguous.
 */
public final class Floats {
  /** Little-endian float32 at any address. */
  public static final ValueLayout.OfFloat LAYOUT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment segment;
  private final long size;

  private Floats(MemorySegment segment) {
    this.segment = segment;
    this.size = segment.byteSize() / Float.BYTES;
  }

  /** {@code size} zeros that live as long as {@code arena}. */
  public static Floats allocate(Arena arena, long size) {
    return new Floats(arena.allocate(Math.multiplyExact(Math.max(size, 1), Float.BYTES), 64));
  }

  /** A copy of {@code values}. */
  public static Floats copyOf(Arena arena, float[] values) {
    Floats out = allocate(arena, values.length);
    out.set(0, values, 0, values.length);
    return out;
  }

  /** Views a segment of little-endian float32 values. */
  public static Floats of(MemorySegment segment) {
    return new Floats(segment);
  }

  public MemorySegment segment() {
    return segment;
  }

  public long size() {
    return size;
  }

  public float get(long index) {
    return segment.get(LAYOUT, index * Float.BYTES);
  }

  public void set(long index, float value) {
    segment.set(LAYOUT, index * Float.BYTES, value);
  }

  /** Copies {@code count} values of {@code source} to {@code index}. */
  public void set(long index, float[] source, int offset, int count) {
    MemorySegment.copy(source, offset, segment, LAYOUT, index * Float.BYTES, count);
  }

  /** Copies {@code count} values at {@code index} to {@code target}. */
  public void get(long index, float[] target, int offset, int count) {
    MemorySegment.copy(segment, LAYOUT, index * Float.BYTES, target, offset, count);
  }

  /** The same memory, {@code count} values from {@code offset}. */
  public Floats slice(long offset, long count) {
    return new Floats(segment.asSlice(offset * Float.BYTES, count * Float.BYTES));
  }

  public float[] toArray() {
    return segment.toArray(LAYOUT);
  }
}

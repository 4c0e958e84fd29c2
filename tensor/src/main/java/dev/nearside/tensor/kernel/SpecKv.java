package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The specification of stored keys and values: how they are rounded, and where they stand in a
 * {@link KvLayer}. See docs/design/numerics.md.
 */
public final class SpecKv {
  /** Dimensions of a head that share a scale in Q8_0. */
  public static final int GROUP = 32;

  private static final int TILE = KvLayer.BLOCK;
  private static final float MAX_CODE = 127f;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SpecKv() {}

  /**
   * A query times the key in slot {@code slot}: {@code fma} over the dimensions, ascending; in Q8_0
   * over the codes of each group, and over the groups' sums with their scales.
   *
   * @param head {@link KvLayer#headAt}
   * @param q {@code headDim} values from {@code qAt}
   */
  static float dot(KvLayer kv, long head, int slot, float[] q, int qAt) {
    int dim = kv.headDim();
    float s = 0;
    if (kv.type() == TensorType.Q8_0) {
      for (int g = 0; g < dim / GROUP; g++) {
        float sum = 0;
        for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
          sum = Math.fma(q[qAt + i], code(kv.keys(), head + (long) i * TILE + slot), sum);
        }
        s = Math.fma(sum, half(kv.keys(), keyScale(kv, head, g, slot)), s);
      }
      return s;
    }
    for (int i = 0; i < dim; i++) {
      s = Math.fma(q[qAt + i], element(kv.keys(), kv.type(), head, (long) i * TILE + slot), s);
    }
    return s;
  }

  /**
   * Dimension {@code i} of the values of slots {@code from … to - 1}, weighted: {@code fma} over
   * the slots, ascending; in Q8_0 of the codes, with the weights times the group's scales.
   */
  static float weighted(KvLayer kv, long head, int i, float[] weights, int from, int to) {
    int dim = kv.headDim();
    float v = 0;
    for (int j = from; j < to; j++) {
      long index = (long) j * dim + i;
      if (kv.type() == TensorType.Q8_0) {
        float weight = weights[j] * half(kv.values(), valueScale(kv, head, j, i / GROUP));
        v = Math.fma(weight, code(kv.values(), head + index), v);
      } else {
        v = Math.fma(weights[j], element(kv.values(), kv.type(), head, index), v);
      }
    }
    return v;
  }

  private static float element(MemorySegment pool, TensorType type, long head, long index) {
    return type == TensorType.F32
        ? pool.get(Floats.LAYOUT, head + index * Float.BYTES)
        : half(pool, head + index * Short.BYTES);
  }

  private static float code(MemorySegment pool, long at) {
    return pool.get(ValueLayout.JAVA_BYTE, at);
  }

  private static float half(MemorySegment pool, long at) {
    return Float.float16ToFloat(pool.get(SHORT, at));
  }

  private static long keyScale(KvLayer kv, long head, int group, int slot) {
    return head + (long) kv.headDim() * TILE + 2L * ((long) group * TILE + slot);
  }

  private static long valueScale(KvLayer kv, long head, int slot, int group) {
    int dim = kv.headDim();
    return head + (long) dim * TILE + 2L * ((long) slot * (dim / GROUP) + group);
  }

  /**
   * Rounds one head's key and value into slot {@code slot}.
   *
   * @param head {@link KvLayer#headAt}
   * @param key {@code headDim} values from {@code at}
   * @param value likewise
   */
  static void store(KvLayer kv, long head, int slot, float[] key, float[] value, int at) {
    int dim = kv.headDim();
    switch (kv.type()) {
      case F32 -> {
        for (int i = 0; i < dim; i++) {
          kv.keys().set(Floats.LAYOUT, head + 4L * ((long) i * TILE + slot), key[at + i]);
          kv.values().set(Floats.LAYOUT, head + 4L * ((long) slot * dim + i), value[at + i]);
        }
      }
      case Q8_0 -> {
        for (int g = 0; g < dim / GROUP; g++) {
          long codes = head + (long) g * GROUP * TILE + slot;
          quantise(kv.keys(), codes, TILE, keyScale(kv, head, g, slot), key, at + g * GROUP);
          codes = head + (long) slot * dim + (long) g * GROUP;
          quantise(kv.values(), codes, 1, valueScale(kv, head, slot, g), value, at + g * GROUP);
        }
      }
      default -> {
        for (int i = 0; i < dim; i++) {
          short k = Float.floatToFloat16(key[at + i]);
          kv.keys().set(SHORT, head + 2L * ((long) i * TILE + slot), k);
          short v = Float.floatToFloat16(value[at + i]);
          kv.values().set(SHORT, head + 2L * ((long) slot * dim + i), v);
        }
      }
    }
  }

  // A NaN or an infinity gives a scale that is none, and all that is read back is NaN.
  private static void quantise(
      MemorySegment pool, long codes, int step, long scale, float[] x, int at) {
    float max = 0;
    for (int i = 0; i < GROUP; i++) {
      max = Math.max(max, Math.abs(x[at + i]));
    }
    short half = Float.floatToFloat16(max / MAX_CODE);
    float s = Float.float16ToFloat(half);
    pool.set(SHORT, scale, half);
    for (int i = 0; i < GROUP; i++) {
      float rounded = s == 0 ? 0 : (x[at + i] / s + SpecMath.ROUNDER) - SpecMath.ROUNDER;
      float code = Math.max(-MAX_CODE, Math.min(MAX_CODE, rounded));
      pool.set(ValueLayout.JAVA_BYTE, codes + (long) i * step, (byte) code);
    }
  }
}

package dev.nearside.tensor.quant;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToDoubleFunction;

/**
 * Random weights of any format, made quickly: random codes with scales to fit, not encoded values.
 * Every block is one that an encoder could have written, up to the sign of its scale.
 *
 * <p>Weights of plain types are normally distributed (a sum of four uniform numbers); codes of
 * quantised types are uniform. The same type, deviation and seed give the same bytes everywhere.
 */
public final class RandomBlocks {
  private static final int CHUNK_BYTES = 8192;
  private static final int SAMPLE_ELEMS = 16384;

  /** How far the decoded deviation may be from the wanted one, as a fraction. */
  private static final double TOLERANCE = 0.1;

  private RandomBlocks() {}

  /**
   * Fills {@code dst} with blocks whose weights have about the standard deviation {@code deviation}
   * and the mean 0.
   *
   * @param dst a whole number of blocks
   * @throws TensorException when {@code type} does not decode, {@code dst} is not a whole number of
   *     blocks, or the type's scales can't hold the deviation
   */
  public static void fill(TensorType type, MemorySegment dst, double deviation, long seed) {
    // All decoders of the index are block formats: it is the one list of them.
    BlockFormat format = (BlockFormat) QuantFormats.requireDecoder(type);
    if (dst.byteSize() % type.blockBytes() != 0) {
      throw new TensorException(
          Fault.of("memory for random " + type + " blocks is not a whole number of them")
              .got(dst.byteSize() + " bytes")
              .expected("a multiple of " + type.blockBytes()));
    }
    float d = scaleFor(format, deviation);
    Source random = new Source(seed);
    int blockBytes = type.blockBytes();
    int chunkBytes = CHUNK_BYTES / blockBytes * blockBytes;
    byte[] chunk = new byte[CHUNK_BYTES + Long.BYTES];
    for (long at = 0; at < dst.byteSize(); at += chunkBytes) {
      int bytes = (int) Math.min(chunkBytes, dst.byteSize() - at);
      fillChunk(format, chunk, bytes, d, random);
      MemorySegment.copy(chunk, 0, dst, ValueLayout.JAVA_BYTE, at, bytes);
    }
  }

  private static void fillChunk(
      BlockFormat format, byte[] chunk, int bytes, float d, Source random) {
    for (int i = 0; i < bytes; i += Long.BYTES) {
      Bytes.putI64(chunk, i, random.next());
    }
    int blockBytes = format.type().blockBytes();
    for (int i = 0; i < bytes; i += blockBytes) {
      format.shapeRandom(chunk, i, d, random.next());
    }
  }

  /** The scale that gives {@code deviation}, found from a sample and checked on it. */
  private static float scaleFor(BlockFormat format, double deviation) {
    double unit = sampleDeviation(format, 1f);
    float d = (float) (deviation / unit);
    double reached = d > 0 && d < Float.POSITIVE_INFINITY ? sampleDeviation(format, d) : Double.NaN;
    if (!(Math.abs(reached - deviation) <= TOLERANCE * deviation)) {
      throw new TensorException(
          Fault.of("standard deviation is out of reach of " + format.type() + " blocks")
              .got(deviation)
              .hint("Model weights have one of about 0.02"));
    }
    return d;
  }

  private static double sampleDeviation(BlockFormat format, float d) {
    TensorType type = format.type();
    int blocks = Math.max(64, SAMPLE_ELEMS / type.blockElems());
    int bytes = blocks * type.blockBytes();
    byte[] sample = new byte[bytes + Long.BYTES];
    fillChunk(format, sample, bytes, d, new Source(0));
    float[] values = new float[blocks * type.blockElems()];
    format.decodeChunk(sample, values, 0, blocks);
    double squares = 0;
    for (float v : values) {
      squares += (double) v * v;
    }
    return Math.sqrt(squares / values.length);
  }

  /** {@code d} or {@code -d}: evens out the mean of formats whose codes lean to one side. */
  static float signed(float d, long dice) {
    return dice < 0 ? -d : d;
  }

  /** A normal number of mean 0 and deviation {@code d}, near enough: four uniform ones added. */
  static float normal(float d, long dice) {
    long sum = (dice & 0xffff) + (dice >>> 16 & 0xffff) + (dice >>> 32 & 0xffff) + (dice >>> 48);
    return (sum - 2 * 65535) * (d / 37837f);
  }

  /** Makes int8 codes of -128, which encoders never write, -127; returns the sum of the codes. */
  static int symmetric(byte[] b, int at, int count) {
    int sum = 0;
    for (int i = at; i < at + count; i++) {
      b[i] = (byte) Math.max(b[i], -127);
      sum += b[i];
    }
    return sum;
  }

  /** Makes two-bit codes of 3, which ternary encoders never write, 1: zero. */
  static void withoutThrees(byte[] b, int at, int count) {
    for (int i = at; i < at + count; i++) {
      int threes = b[i] & b[i] >> 1 & 0x55;
      b[i] ^= (byte) (threes << 1);
    }
  }

  /**
   * One of the two neighbours among the ascending scales of {@code low … high} between which {@code
   * d} lies, drawn so that the mean square is {@code d}².
   */
  static int between(IntToDoubleFunction scale, int low, int high, float d, long dice) {
    int below = low;
    int above = high;
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      if (scale.applyAsDouble(middle) <= d) {
        below = middle;
      } else {
        above = middle;
      }
    }
    double s0 = scale.applyAsDouble(below);
    double s1 = scale.applyAsDouble(above);
    double share = ((double) d * d - s0 * s0) / (s1 * s1 - s0 * s0);
    return (dice >>> 48) < share * 0x1p16 ? above : below;
  }

  /** SplitMix64 (Steele, Lea, Flood 2014): written out, so that its numbers never change. */
  private static final class Source {
    private long state;

    Source(long seed) {
      state = seed;
    }

    long next() {
      state += 0x9e3779b97f4a7c15L;
      long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
      z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
      return z ^ z >>> 31;
    }
  }
}

package dev.nearside.engine.sample;

/**
 * Random numbers that are a function of seed, position and purpose, and of nothing else: the same
 * token is drawn whoever else is being served, and a drafted token can be checked exactly. The
 * mixing function is SplitMix64's (Steele, Lea and Flood 2014).
 */
public record PositionRandom(long seed) {
  /** What the number is for: each purpose has a stream of its own. */
  public enum Purpose {
    TOKEN(1),
    XTC(2);

    private final long stream;

    Purpose(long stream) {
      this.stream = stream;
    }
  }

  /** A number in [0, 1). */
  public double at(int position, Purpose purpose) {
    long x = mix(seed + 0x9E3779B97F4A7C15L * (position + 1L));
    x = mix(x + 0x9E3779B97F4A7C15L * purpose.stream);
    return (x >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

package dev.nearside.engine.schedule;

/**
 * How many prompt tokens a step takes, by what steps took lately. While others wait for their next
 * token: as many as the machine computes in a moment that a reader hardly notices; otherwise so
 * many that a cancelled or a new request does not wait long.
 */
final class ChunkSize {
  private static final long SHARED_NANOS = 120_000_000;
  private static final long ALONE_NANOS = 1_000_000_000;
  private static final double WEIGHT = 0.25; // of the newest step
  private static final int LEAST = 24; // two register tiles
  private static final int UNKNOWN = 128; // before anything was measured

  private final int most;
  private double nanosPerToken;

  /**
   * @param most tokens of one step
   */
  ChunkSize(int most) {
    this.most = most;
  }

  /** Prompt tokens that a step may take beside {@code decoding} others. */
  int room(int decoding) {
    long nanos = decoding == 0 ? ALONE_NANOS : SHARED_NANOS;
    double fits = nanosPerToken == 0 ? UNKNOWN : nanos / nanosPerToken;
    int room = (int) Math.min(most, Math.max(LEAST, fits - decoding));
    return Math.max(0, Math.min(room, most - decoding));
  }

  /** A step of {@code tokens} tokens took so long. */
  void measured(int tokens, long nanos) {
    if (tokens < LEAST) {
      return; // mostly what a step costs by itself
    }
    double measured = (double) nanos / tokens;
    nanosPerToken =
        nanosPerToken == 0 ? measured : nanosPerToken + WEIGHT * (measured - nanosPerToken);
  }
}

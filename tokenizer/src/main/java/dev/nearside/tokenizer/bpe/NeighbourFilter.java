package dev.nearside.tokenizer.bpe;

/**
 * Which characters can stand side by side inside one token. Where two neighbours of a text can't,
 * no merge ever crosses, so the text may be cut there beforehand without changing the result. The
 * cuts keep merge loops short, also for Chinese and for vocabularies that merge across spaces, and
 * make pieces that recur, which a cache can remember.
 *
 * <p>A hashed bit set: a false hit only loses a cut, a false miss can't happen.
 */
public final class NeighbourFilter {
  private static final int BITS = 20;

  private final long[] words = new long[1 << (BITS - 6)];

  /** Notes that {@code left} directly before {@code right} occurs in a token. */
  public void allow(int left, int right) {
    int bit = bit(left, right);
    words[bit >> 6] |= 1L << bit;
  }

  /** False only if {@code left} never directly precedes {@code right} in a token. */
  public boolean mayMeet(int left, int right) {
    int bit = bit(left, right);
    return (words[bit >> 6] >>> bit & 1) != 0;
  }

  private static int bit(int left, int right) {
    return (int)
        ((((left * 0x9E3779B97F4A7C15L) ^ (right * 0xC2B2AE3D27D4EB4FL)) * 0xD6E8FEB86659FD93L)
            >>> (64 - BITS));
  }
}

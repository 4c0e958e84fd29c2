package dev.nearside.tokenizer.bpe;

/**
 * The merging of byte-pair encoding: of all neighbours that may join, the pair of lowest rank joins
 * first, of equal ranks the leftmost; until none may. Words are short, so a plain search is the
 * fastest there; longer runs use a heap, so that the time is {@code O(n log n)} for any input. No
 * recursion.
 */
public abstract class MergeLoop {
  /** What {@link #rank} answers when the two may not join. */
  protected static final int NEVER = Integer.MAX_VALUE;

  private static final int SHORT = 24;

  private final int[] next;
  private final int[] previous;
  private final int[] ranks;
  private final int count;

  /** A loop over symbols 0 to {@code count - 1}. */
  protected MergeLoop(int count) {
    this.count = count;
    next = new int[count];
    previous = new int[count];
    ranks = new int[count];
    for (int i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
  }

  /** The rank of joining the symbols that begin at {@code left} and {@code right}. */
  protected abstract int rank(int left, int right);

  /** Joins: the symbol at {@code left} takes in the one at {@code right}. */
  protected abstract void join(int left, int right);

  /** The start of the symbol after the one at {@code i}; the count after the last. */
  public final int next(int i) {
    return next[i];
  }

  /** Merges until nothing may join. Then symbol 0 is the first; follow {@link #next}. */
  public final void run() {
    for (int i = 0; i < count; i++) {
      ranks[i] = i + 1 < count ? rank(i, i + 1) : NEVER;
    }
    if (count <= SHORT) {
      runShort();
    } else {
      runLong();
    }
  }

  private void runShort() {
    while (true) {
      int best = -1;
      int bestRank = NEVER;
      for (int i = 0; i < count; i = next[i]) {
        if (ranks[i] < bestRank) {
          bestRank = ranks[i];
          best = i;
        }
      }
      if (best < 0) {
        return;
      }
      merge(best);
    }
  }

  private void runLong() {
    LongHeap heap = new LongHeap(count);
    for (int i = 0; i < count; i++) {
      offer(heap, i);
    }
    while (!heap.isEmpty()) {
      long least = heap.pop();
      int at = (int) least;
      // A rank that changed since is stale: the pair it was for is gone.
      if (ranks[at] == (int) (least >> 32)) {
        merge(at);
        offer(heap, at);
        if (previous[at] >= 0) {
          offer(heap, previous[at]);
        }
      }
    }
  }

  private void offer(LongHeap heap, int at) {
    if (ranks[at] != NEVER) {
      heap.push((long) ranks[at] << 32 | at);
    }
  }

  private void merge(int at) {
    int gone = next[at];
    join(at, gone);
    int after = next[gone];
    next[at] = after;
    ranks[gone] = NEVER;
    if (after < count) {
      previous[after] = at;
      ranks[at] = rank(at, after);
    } else {
      ranks[at] = NEVER;
    }
    int before = previous[at];
    if (before >= 0) {
      ranks[before] = rank(before, at);
    }
  }
}

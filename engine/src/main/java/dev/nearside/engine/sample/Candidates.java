package dev.nearside.engine.sample;

import java.util.Arrays;
import java.util.Map;

/**
 * Tokens that may still be chosen, with their logits, most likely first once {@link #sort}ed. Equal
 * logits stand in the order of their ids, so that the same logits always give the same token.
 *
 * <p>Samplers of one thread can share one: it holds arrays of a vocabulary's size, and nothing
 * between two tokens.
 */
public final class Candidates {
  private int[] ids = new int[0];
  private float[] logits = new float[0];
  private double[] probabilities = new double[0];
  private int size;
  private boolean isSorted;
  private boolean isWhole; // every id of the vocabulary
  private boolean isInOrder; // ids ascend

  /** Without candidates until {@link #reset}. */
  public Candidates() {}

  /** Starts anew with every token of {@code vocabLogits}. */
  public void reset(float[] vocabLogits) {
    int n = vocabLogits.length;
    if (ids.length < n) {
      ids = new int[n];
      logits = new float[n];
      probabilities = new double[n];
    }
    for (int i = 0; i < n; i++) {
      ids[i] = i;
    }
    System.arraycopy(vocabLogits, 0, logits, 0, n);
    size = n;
    isSorted = false;
    isWhole = true;
    isInOrder = true;
  }

  public int size() {
    return size;
  }

  public int id(int index) {
    return ids[index];
  }

  public float logit(int index) {
    return logits[index];
  }

  public void setLogit(int index, float logit) {
    logits[index] = logit;
    isSorted = false;
  }

  /** Changes a logit by what is known of its token. */
  @FunctionalInterface
  interface Change<T> {
    float apply(float logit, T known);
  }

  /**
   * Changes the logits of some tokens.
   *
   * @param known by the tokens' ids, those among them that are no candidates too
   */
  <T> void change(Map<Integer, T> known, Change<T> change) {
    if (!isInOrder) {
      for (int i = 0; i < size; i++) {
        T value = known.get(ids[i]);
        if (value != null) {
          setLogit(i, change.apply(logits[i], value));
        }
      }
      return;
    }
    known.forEach((id, value) -> {
      int i = isWhole && id >= 0 && id < size ? id : Arrays.binarySearch(ids, 0, size, id);
      if (i >= 0) {
        setLogit(i, change.apply(logits[i], value));
      }
    });
  }

  /** Multiplies all logits by a positive factor. */
  public void scaleLogits(float factor) {
    for (int i = 0; i < size; i++) {
      logits[i] *= factor;
    }
  }

  /** Probability of a candidate after {@link #computeProbabilities}. */
  public double probability(int index) {
    return probabilities[index];
  }

  /** Keeps the first {@code count} of the sorted candidates. */
  public void truncate(int count) {
    sort();
    isWhole = false;
    size = Math.max(1, Math.min(size, count));
  }

  /** Drops the first {@code count} of the sorted candidates. */
  public void dropFirst(int count) {
    sort();
    isWhole = false;
    int drop = Math.max(0, Math.min(count, size - 1));
    System.arraycopy(ids, drop, ids, 0, size - drop);
    System.arraycopy(logits, drop, logits, 0, size - drop);
    size -= drop;
  }

  /** Keeps candidates by flag; the order stays. At least one must be kept. */
  public void keep(boolean[] isKept) {
    isWhole = false;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (isKept[i]) {
        ids[kept] = ids[i];
        logits[kept] = logits[i];
        kept++;
      }
    }
    size = kept;
  }

  /**
   * Keeps the candidates whose ids are among {@code allowed}; the order stays. At least one must
   * be.
   *
   * @param allowed one bit per id, lowest first; ids beyond it are not allowed
   */
  public void keepAllowed(long[] allowed) {
    size = isWhole && isInOrder ? takeAllowed(allowed) : keepMarked(allowed);
    isWhole = false;
  }

  // All ids are in their places: only those that stay are looked at, mostly a few of many
  // thousands.
  private int takeAllowed(long[] allowed) {
    int kept = 0;
    for (int word = 0; word < Math.min(allowed.length, (size + 63) >> 6); word++) {
      for (long bits = allowed[word]; bits != 0; bits &= bits - 1) {
        int id = (word << 6) + Long.numberOfTrailingZeros(bits);
        if (id < size) {
          ids[kept] = id;
          logits[kept] = logits[id];
          kept++;
        }
      }
    }
    return kept;
  }

  private int keepMarked(long[] allowed) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int id = ids[i];
      if (id >> 6 < allowed.length && (allowed[id >> 6] >>> id & 1) == 1) {
        ids[kept] = id;
        logits[kept] = logits[i];
        kept++;
      }
    }
    return kept;
  }

  /** Index of the most likely candidate. */
  public int best() {
    int best = 0;
    for (int i = 1; i < size; i++) {
      if (isBefore(logits[i], ids[i], logits[best], ids[best])) {
        best = i;
      }
    }
    return best;
  }

  /** Keeps the {@code k} most likely candidates, sorted, without sorting the others. */
  public void keepTop(int k) {
    if (k >= size || isSorted) {
      truncate(k);
      return;
    }
    // A heap of the k best, its least likely member at the root.
    isWhole = false;
    isInOrder = false;
    int heap = 0;
    for (int i = 0; i < size; i++) {
      if (heap < k) {
        swap(heap, i);
        siftUp(heap++);
      } else if (isBefore(logits[i], ids[i], logits[0], ids[0])) {
        swap(0, i);
        siftDown(k);
      }
    }
    size = k;
    sort();
  }

  /** Softmax over the candidates, into {@link #probability}. */
  public void computeProbabilities() {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      probabilities[i] = StrictMath.exp((double) logits[i] - max);
      sum += probabilities[i];
    }
    for (int i = 0; i < size; i++) {
      probabilities[i] /= sum;
    }
  }

  /** Sorts by descending logit, then ascending id. */
  public void sort() {
    if (isSorted) {
      return;
    }
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = ((long) descendingKey(logits[i]) << 32) | ids[i];
    }
    Arrays.sort(keys);
    isInOrder = false;
    for (int i = 0; i < size; i++) {
      ids[i] = (int) keys[i];
      logits[i] = ofDescendingKey((int) (keys[i] >> 32));
    }
    isSorted = true;
  }

  // A signed int that grows as the logit falls; -0 counts as 0.
  private static int descendingKey(float logit) {
    int bits = Float.floatToIntBits(logit == 0f ? 0f : logit);
    int ascending = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
    return ~ascending;
  }

  private static float ofDescendingKey(int key) {
    int ascending = ~key;
    return Float.intBitsToFloat(ascending >= 0 ? ascending : ascending ^ Integer.MAX_VALUE);
  }

  private static boolean isBefore(float logitA, int idA, float logitB, int idB) {
    return logitA > logitB || (logitA == logitB && idA < idB);
  }

  private void swap(int a, int b) {
    int id = ids[a];
    ids[a] = ids[b];
    ids[b] = id;
    float logit = logits[a];
    logits[a] = logits[b];
    logits[b] = logit;
  }

  private void siftUp(int start) {
    int i = start;
    while (i > 0) {
      int parent = (i - 1) / 2;
      if (!isBefore(logits[parent], ids[parent], logits[i], ids[i])) {
        return;
      }
      swap(i, parent);
      i = parent;
    }
  }

  private void siftDown(int heap) {
    int i = 0;
    while (true) {
      int child = 2 * i + 1;
      if (child >= heap) {
        return;
      }
      if (child + 1 < heap
          && isBefore(logits[child], ids[child], logits[child + 1], ids[child + 1])) {
        child++;
      }
      if (!isBefore(logits[i], ids[i], logits[child], ids[child])) {
        return;
      }
      swap(i, child);
      i = child;
    }
  }
}

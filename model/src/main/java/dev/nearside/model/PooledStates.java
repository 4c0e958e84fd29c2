package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.layer.ClassificationHead;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * From the states of a text's tokens to its vector or scores. Sums are float64, token after token,
 * so that the bits depend on the text alone.
 *
 * @param hidden values of a state
 * @param head scores, or null
 * @param headPooling what the head reads
 */
record PooledStates(int hidden, @Nullable ClassificationHead head, Pooling headPooling) {
  /** Labels of the head; 0 without one. */
  int labels() {
    return head == null ? 0 : head.labels();
  }

  /**
   * One text.
   *
   * @param states {@code (tokens, hidden)}
   * @param from the text's first token
   * @param count its tokens
   */
  float[] pool(Kernels kernels, Floats states, int from, int count, Pooling pooling) {
    return switch (pooling) {
      case NONE -> rows(states, from, count);
      case MEAN -> mean(states, from, count);
      case CLS -> rows(states, from, 1);
      case LAST -> rows(states, from + count - 1, 1);
      case RANK -> rank(kernels, states, from, count);
    };
  }

  private float[] rank(Kernels kernels, Floats states, int from, int count) {
    if (head == null || headPooling == Pooling.RANK) {
      throw new ModelException(
          Fault.of("the model can't rank: it has no classification head")
              .hint("Use a reranker, such as bge-reranker-v2-m3."));
    }
    return head.apply(kernels, pool(kernels, states, from, count, headPooling));
  }

  private float[] rows(Floats states, int from, int count) {
    float[] out = new float[Math.multiplyExact(count, hidden)];
    states.get((long) from * hidden, out, 0, out.length);
    return out;
  }

  private float[] mean(Floats states, int from, int count) {
    double[] sums = new double[hidden];
    float[] row = new float[hidden];
    for (int t = 0; t < count; t++) {
      states.get((long) (from + t) * hidden, row, 0, hidden);
      for (int i = 0; i < hidden; i++) {
        sums[i] += row[i];
      }
    }
    for (int i = 0; i < hidden; i++) {
      row[i] = (float) (sums[i] / count);
    }
    return row;
  }
}

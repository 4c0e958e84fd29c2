package dev.nearside.model.layer;

import dev.nearside.model.layer.ExpertFeedForward.RouterRule;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;

/** Which experts each token uses, and with which weights. */
final class Routing {
  private final int experts;
  private final int used;
  private final int[] chosen; // (tokens, used)
  private final float[] weights; // (tokens, used)

  private Routing(int tokens, int experts, int used) {
    this.experts = experts;
    this.used = used;
    this.chosen = new int[tokens * used];
    this.weights = new float[tokens * used];
  }

  /** Routes by {@code logits (tokens, experts)}, which may be overwritten. */
  static Routing of(
      Kernels kernels, Floats logits, int tokens, int experts, int used, RouterRule rule) {
    Routing out = new Routing(tokens, experts, used);
    if (rule != RouterRule.TOP_THEN_SOFTMAX) {
      kernels.softmax(logits, tokens, experts);
    }
    float[] row = new float[experts];
    for (int t = 0; t < tokens; t++) {
      logits.get((long) t * experts, row, 0, experts);
      out.pickTop(t, row);
    }
    switch (rule) {
      case SOFTMAX_THEN_TOP -> {}
      case SOFTMAX_THEN_TOP_NORMALISED -> out.normalise(tokens);
      case TOP_THEN_SOFTMAX -> out.softmax(kernels, logits, tokens);
    }
    return out;
  }

  /** Writes the tokens that use an expert into {@code rows}, ascending; returns how many. */
  int tokensOf(int expert, int[] rows) {
    int count = 0;
    for (int t = 0; t < rows.length; t++) {
      if (find(t, expert) >= 0) {
        rows[count++] = t;
      }
    }
    return count;
  }

  /** The weight of an expert that {@code token} uses. */
  float weight(int token, int expert) {
    return weights[find(token, expert)];
  }

  private int find(int token, int expert) {
    for (int i = token * used; i < (token + 1) * used; i++) {
      if (chosen[i] == expert) {
        return i;
      }
    }
    return -1;
  }

  // The best `used` scores; equal scores go to the lower expert.
  private void pickTop(int token, float[] scores) {
    for (int i = 0; i < used; i++) {
      int best = -1;
      for (int e = 0; e < experts; e++) {
        if (!Float.isNaN(scores[e]) && (best < 0 || scores[e] > scores[best])) {
          best = e;
        }
      }
      int at = token * used + i;
      chosen[at] = best;
      weights[at] = scores[best];
      scores[best] = Float.NaN;
    }
  }

  private void normalise(int tokens) {
    for (int t = 0; t < tokens; t++) {
      float sum = 0;
      for (int i = t * used; i < (t + 1) * used; i++) {
        sum += weights[i];
      }
      for (int i = t * used; i < (t + 1) * used; i++) {
        weights[i] /= sum;
      }
    }
  }

  private void softmax(Kernels kernels, Floats scratch, int tokens) {
    scratch.set(0, weights, 0, weights.length);
    kernels.softmax(scratch, tokens, used);
    scratch.get(0, weights, 0, weights.length);
  }
}

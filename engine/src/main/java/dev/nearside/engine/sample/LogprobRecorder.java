package dev.nearside.engine.sample;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A sampler that also notes how likely the model held each token to be: log-softmax of the logits
 * before any sampler changes them. Written by the engine thread, read by the caller's.
 */
public final class LogprobRecorder implements Sampler {
  /**
   * A chosen token.
   *
   * @param topIds the likeliest tokens, most likely first
   * @param topLogprobs theirs
   */
  public record Entry(int id, double logprob, int[] topIds, double[] topLogprobs) {}

  private final Sampler sampler;
  private final int top;
  private final ConcurrentLinkedQueue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final Candidates candidates;

  /**
   * @param top how many of the likeliest tokens to note
   * @param candidates what it works on; other samplers of its thread may use it too
   */
  public LogprobRecorder(Sampler sampler, int top, Candidates candidates) {
    this.candidates = candidates;
    this.sampler = sampler;
    this.top = top;
  }

  @Override
  public int sample(float[] logits, TokenHistory history) {
    double log = logSum(logits);
    int[] ids = new int[0];
    double[] logprobs = new double[0];
    if (top > 0) {
      candidates.reset(logits);
      candidates.keepTop(top);
      ids = new int[candidates.size()];
      logprobs = new double[ids.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = candidates.id(i);
        logprobs[i] = candidates.logit(i) - log;
      }
    }
    int id = sampler.sample(logits, history);
    entries.add(new Entry(id, logits[id] - log, ids, logprobs));
    return id;
  }

  /** The next token in order; null when it was not chosen yet. */
  public @Nullable Entry poll() {
    return entries.poll();
  }

  private static double logSum(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float x : logits) {
      max = Math.max(max, x);
    }
    double sum = 0;
    for (float x : logits) {
      sum += StrictMath.exp((double) x - max);
    }
    return max + StrictMath.log(sum);
  }
}

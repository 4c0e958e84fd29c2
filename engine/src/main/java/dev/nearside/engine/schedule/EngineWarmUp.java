package dev.nearside.engine.schedule;

import dev.nearside.model.Batch;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Computes something of no use until steps are as quick as they get: the Java runtime compiles
 * kernels while they run. Nothing of it is left but the speed. To be run between two steps; it ends
 * as soon as somebody waits.
 *
 * <p>A round is what a request does behind a prompt that is known: the rest of the prompt in a
 * chunk, the first token, and a few sequences at once, or guesses that are checked. What the latter
 * steps cost at best is told, for guesses have to pay from the first one on.
 */
final class EngineWarmUp implements Callable<Double> {
  private static final long LEAST_NANOS = 500_000_000;
  private static final long MOST_NANOS = 6_000_000_000L;
  private static final double QUICKER = 0.9;
  private static final int SETTLED_ROUNDS = 4; // so many without getting quicker
  private static final int DEPTH = 8 * KvStore.BLOCK;
  private static final int[] PROMPTS = {24, 64}; // tokens of a step
  private static final int[] REPLIES = {1, 2, 4, 8, 1, 12}; // each with its logits
  private static final int MOST_LOGITS = 12;

  /** Hears what a step costs. */
  interface Listener {
    void measured(int tokens, long nanos);
  }

  private final LanguageModel model;
  private final BooleanSupplier isWanted;
  private final LongSupplier clock;
  private final Listener listener;
  private final long[] quickest = new long[MOST_LOGITS + 1]; // by tokens; 0 = none was computed
  private final int positions;
  private final int blocks;

  /**
   * @param isWanted whether somebody waits: then it ends
   * @param clock nanoseconds that steps take
   * @param listener hears of each size of a reply's steps once, when it ends
   */
  EngineWarmUp(
      LanguageModel model,
      int contextLength,
      BooleanSupplier isWanted,
      LongSupplier clock,
      Listener listener) {
    this.model = model;
    this.isWanted = isWanted;
    this.clock = clock;
    this.listener = listener;
    this.positions = Math.min(DEPTH + KvStore.BLOCK, contextLength);
    this.blocks = Math.ceilDiv(positions, KvStore.BLOCK);
  }

  /** Gives the seconds of the quickest round; 0 when there was time for none. */
  @Override
  public Double call() {
    long start = System.nanoTime();
    long best = Long.MAX_VALUE;
    try (KvStore kv = model.newKvStore(blocks);
        Arena arena = Arena.ofShared()) { // the model's threads write
      Floats logits = Floats.allocate(arena, (long) MOST_LOGITS * model.info().vocabSize());
      int stale = 0;
      long elapsed = 0;
      while (elapsed < MOST_NANOS
          && (stale < SETTLED_ROUNDS || elapsed < LEAST_NANOS)
          && !isWanted.getAsBoolean()) {
        long took = round(kv, logits);
        stale = took < best * QUICKER ? 0 : stale + 1;
        best = Math.min(best, took);
        elapsed = System.nanoTime() - start;
      }
    }
    for (int tokens = 1; tokens <= MOST_LOGITS; tokens++) {
      if (quickest[tokens] != 0) {
        listener.measured(tokens, quickest[tokens]);
      }
    }
    return best == Long.MAX_VALUE ? 0 : best / 1e9;
  }

  private long round(KvStore kv, Floats logits) {
    long start = System.nanoTime();
    for (int tokens : PROMPTS) {
      if (isToGoOn(start)) {
        model.forward(batch(tokens, 1), kv, logits);
      }
    }
    for (int tokens : REPLIES) {
      if (isToGoOn(start) && tokens <= Math.min(model.maxBatch(), positions)) {
        long from = clock.getAsLong();
        model.forward(batch(tokens, tokens), kv, logits);
        long took = clock.getAsLong() - from;
        quickest[tokens] = quickest[tokens] == 0 ? took : Math.min(quickest[tokens], took);
      }
    }
    return System.nanoTime() - start;
  }

  // One step of a large model compiles what there is.
  private boolean isToGoOn(long start) {
    return System.nanoTime() - start < MOST_NANOS && !isWanted.getAsBoolean();
  }

  // The last tokens of a sequence as long as the store; logits of the last rows.
  private Batch batch(int tokens, int rows) {
    int count = Math.min(Math.min(tokens, model.maxBatch()), positions);
    return new Batch(
        new Random(tokens).ints(count, 0, model.info().vocabSize()).toArray(),
        IntStream.range(positions - count, positions).toArray(),
        new int[count],
        new int[][] {IntStream.range(0, blocks).toArray()},
        IntStream.range(count - rows, count).toArray());
  }
}

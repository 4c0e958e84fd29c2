package dev.nearside.engine.schedule;

import dev.nearside.model.Batch;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Computes something of no use until steps are as quick as they get: the Java runtime compiles
 * kernels while they run. Nothing of it is left but the speed. To be run between two steps; it ends
 * as soon as somebody waits.
 *
 * <p>A round is what a request does behind a prompt that is known: the rest of the prompt in a
 * chunk, the first token, and a few sequences at once.
 */
final class EngineWarmUp implements Callable<Double> {
  private static final long LEAST_NANOS = 500_000_000;
  private static final long MOST_NANOS = 6_000_000_000L;
  private static final double QUICKER = 0.9;
  private static final int SETTLED_ROUNDS = 4; // so many without getting quicker
  private static final int DEPTH = 8 * KvStore.BLOCK;
  private static final int[] SHAPES = {1, 8, 1, 24, 1, 64}; // tokens of a step

  private final LanguageModel model;
  private final BooleanSupplier isWanted;
  private final int positions;
  private final int blocks;

  /**
   * @param isWanted whether somebody waits: then it ends
   */
  EngineWarmUp(LanguageModel model, int contextLength, BooleanSupplier isWanted) {
    this.model = model;
    this.isWanted = isWanted;
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
      Floats logits = Floats.allocate(arena, model.info().vocabSize());
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
    return best == Long.MAX_VALUE ? 0 : best / 1e9;
  }

  private long round(KvStore kv, Floats logits) {
    long start = System.nanoTime();
    for (int tokens : SHAPES) {
      // One step of a large model compiles what there is.
      if (System.nanoTime() - start < MOST_NANOS && !isWanted.getAsBoolean()) {
        model.forward(batch(Math.min(tokens, model.maxBatch())), kv, logits);
      }
    }
    return System.nanoTime() - start;
  }

  // The last tokens of a sequence as long as the store.
  private Batch batch(int tokens) {
    int count = Math.min(tokens, positions);
    return new Batch(
        new Random(tokens).ints(count, 0, model.info().vocabSize()).toArray(),
        IntStream.range(positions - count, positions).toArray(),
        new int[count],
        new int[][] {IntStream.range(0, blocks).toArray()},
        new int[] {count - 1});
  }
}

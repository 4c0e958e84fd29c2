package dev.nearside.engine.eval;

import dev.nearside.base.Fault;
import dev.nearside.model.Batch;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.Numerics;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One sequence on a model, fed with given tokens: nothing is sampled. Long inputs are computed in
 * batches, so that memory for logits stays small whatever the vocabulary. One thread at a time.
 */
public final class Scorer implements AutoCloseable {
  /** Takes logits as they are computed. */
  @FunctionalInterface
  public interface LogitsSink {
    /**
     * @param position where the first row's token stands
     * @param rows how many rows
     * @param logits {@code (rows, vocab)}: row {@code i} predicts the token after {@code position +
     *     i}; valid during the call
     */
    void accept(int position, int rows, Floats logits);
  }

  private static final long LOGITS_BYTES = 64L << 20;

  private final LanguageModel model;
  private final int capacity;
  private final Numerics numerics;
  private final int batchSize;
  private final KvStore kv;
  private final Arena arena = Arena.ofShared();
  private final Floats logits; // (batchSize, vocab)
  private final int[] blocks;
  private int position;

  /** In exact numerics. */
  public Scorer(LanguageModel model, int capacity) {
    this(model, capacity, Numerics.EXACT);
  }

  /**
   * @param model stays the caller's
   * @param capacity positions that the sequence may reach
   * @param numerics of all tokens
   */
  public Scorer(LanguageModel model, int capacity, Numerics numerics) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: got " + capacity + ", expected at least 1");
    }
    this.model = model;
    this.capacity = capacity;
    this.numerics = numerics;
    long rowBytes = (long) Float.BYTES * model.info().vocabSize();
    this.batchSize = Math.clamp(LOGITS_BYTES / rowBytes, 1, model.maxBatch());
    int count = Math.ceilDiv(capacity, KvStore.BLOCK);
    this.blocks = IntStream.range(0, count).toArray();
    this.kv = model.newKvStore(count);
    this.logits = Floats.allocate(arena, (long) batchSize * model.info().vocabSize());
  }

  /** Rows of logits that one call of a sink gets at most. */
  int batchSize() {
    return batchSize;
  }

  /** Tokens so far. */
  public int position() {
    return position;
  }

  /** Forgets all but the first {@code length} tokens. */
  public void rewind(int length) {
    if (length < 0 || length > position) {
      throw new IllegalArgumentException("length: got " + length + ", expected 0 to " + position);
    }
    position = length;
  }

  /**
   * Computes {@code ids} after the tokens so far.
   *
   * @param from the first of {@code ids} (by index) whose logits are wanted; {@code ids.length} =
   *     none
   * @param sink gets the logits in order
   * @throws EvalException when they don't fit the capacity
   */
  public void feed(int[] ids, int from, LogitsSink sink) {
    if (ids.length > capacity - position) {
      throw new EvalException(
          Fault.of("too many tokens for one sequence")
              .got((long) position + ids.length)
              .expected("at most " + capacity));
    }
    int done = 0;
    while (done < ids.length) {
      int room = from > done ? Math.min(model.maxBatch(), from - done) : batchSize;
      int count = Math.min(ids.length - done, room);
      step(Arrays.copyOfRange(ids, done, done + count), from <= done, sink);
      done += count;
    }
  }

  /** Computes {@code ids} after the tokens so far, without logits but for the last token. */
  public void feed(int[] ids) {
    feed(ids, ids.length - 1, (at, rows, out) -> {});
  }

  private void step(int[] ids, boolean isWanted, LogitsSink sink) {
    int count = ids.length;
    int start = position;
    int[] positions = IntStream.range(start, start + count).toArray();
    int[] wanted = isWanted ? IntStream.range(0, count).toArray() : new int[0];
    int exact = numerics.exact(count);
    int[][] tables = {blocks};
    Batch batch = new Batch(ids, positions, new int[count], tables, wanted, exact, List.of());
    model.forward(batch, kv, logits);
    position += count;
    if (isWanted) {
      sink.accept(start, count, logits);
    }
  }

  @Override
  public void close() {
    kv.close();
    arena.close();
  }
}

package dev.nearside.engine.speculate;

import dev.nearside.engine.cache.KvCache;
import dev.nearside.model.Batch;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A small model that guesses what a large one with the same vocabulary says (Leviathan et al. 2023,
 * "Fast inference from transformers via speculative decoding"; here the guess is always its most
 * likely token). It has keys and values of its own; sequences that guess in the same step are
 * computed together. Only the engine thread calls it.
 *
 * <p>Nothing that goes wrong in it reaches a sequence: it is guessed less, or no more.
 */
public final class DraftModel implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DraftModel.class.getName());
  private static final int MOST_FAILURES = 3;
  private static final int LEAST_CHUNK = 12; // a register tile
  private static final int UNKNOWN_CHUNK = 32; // before anything was measured
  private static final double TOGETHER = 0.12; // of a token alone, as long as nobody knows
  private static final double WEIGHT = 0.25; // of the newest chunk
  private static final double MOST_AT_FIRST = 4; // times what a step was expected to cost
  private static final float NEGLIGIBLE = 16; // e^-16 of the most likely token

  /**
   * @param contextLength positions of one sequence
   * @param blocks blocks of keys and values for all sequences
   * @param vocab tokens that both models have
   * @param relativeCost about what a step costs, in steps of the model that checks
   */
  public record Settings(int contextLength, int blocks, int vocab, double relativeCost) {}

  private final LanguageModel model;
  private final Settings settings;
  private final LongSupplier clock;
  private final KvStore kv;
  private final KvCache cache;
  private final Calibration calibration = new Calibration(null);
  private final StepCost cost = new StepCost();
  private final Arena arena = Arena.ofShared();
  private final Floats logits; // (StepCost.MOST, vocab)
  private final float[] row;
  private double nanosPerToken; // of text that is caught up with; 0 = unknown
  private int failures;
  private boolean isClosed;

  /** The model is closed with it. */
  public DraftModel(LanguageModel model, Settings settings) {
    this(model, settings, System::nanoTime);
  }

  /**
   * @param clock nanoseconds
   */
  public DraftModel(LanguageModel model, Settings settings, LongSupplier clock) {
    this.model = model;
    this.settings = settings;
    this.clock = clock;
    this.kv = model.newKvStore(Math.min(settings.blocks(), 4));
    this.cache = new KvCache(kv, settings.blocks());
    int width = model.info().vocabSize();
    this.logits = Floats.allocate(arena, (long) StepCost.MOST * width);
    this.row = new float[width];
  }

  /** For a new sequence. */
  ModelDrafter begin() {
    calibration.age();
    return new ModelDrafter(this, calibration);
  }

  Settings settings() {
    return settings;
  }

  /** The keys and values. */
  KvCache cache() {
    return cache;
  }

  /** Whether it still guesses. */
  boolean isUsable() {
    return failures < MOST_FAILURES && !isClosed;
  }

  /** Tokens of one step at most. */
  int maxBatch() {
    return model.maxBatch();
  }

  /** Memory of the weights. */
  long weightBytes() {
    return model.info().weightBytes();
  }

  /** Memory of the keys and values now. */
  long kvBytes() {
    return kv.blocks() * kv.bytesPerBlock();
  }

  /**
   * What a step of so many tokens costs, in nanoseconds.
   *
   * @param checking what it costs in the model that checks
   */
  double nanos(int tokens, double checking) {
    double known = cost.of(Math.min(tokens, StepCost.MOST));
    return known == 0 ? settings.relativeCost() * checking : known;
  }

  /**
   * What it costs to catch up with so many tokens, in nanoseconds.
   *
   * @param checking what a step of one token costs in the model that checks
   */
  double catchUpNanos(int tokens, double checking) {
    double guessed = settings.relativeCost() * checking * TOGETHER;
    return tokens * (nanosPerToken == 0 ? guessed : nanosPerToken);
  }

  /**
   * Tokens that can be caught up with in {@code nanos}.
   *
   * @param checking what a step of one token costs in the model that checks
   */
  int chunk(double nanos, double checking) {
    int most = nanosPerToken == 0 ? Math.min(UNKNOWN_CHUNK, model.maxBatch()) : model.maxBatch();
    return Math.clamp(
        (long) (nanos / catchUpNanos(1, checking)), Math.min(LEAST_CHUNK, most), most);
  }

  /**
   * Computes the next tokens of each sequence, for which there are blocks.
   *
   * @param counts tokens of each
   * @param checking what a step of so many tokens costs in the model that checks
   * @param guesses whether each gets its next token as a guess
   * @return false when it failed: then these sequences are guessed no more
   */
  boolean compute(List<ModelDrafter> sequences, int[] counts, double checking, boolean guesses) {
    long start = clock.getAsLong();
    Batch batch = batch(sequences, counts, guesses);
    try {
      model.forward(batch, kv, logits);
      for (int i = 0; i < sequences.size(); i++) {
        sequences.get(i).computed(counts[i]);
        if (guesses) {
          guess(sequences.get(i), i);
        }
      }
    } catch (RuntimeException e) {
      failed(e);
      sequences.forEach(ModelDrafter::giveUp);
      return false;
    }
    measured(batch.size(), clock.getAsLong() - start, checking, guesses);
    return true;
  }

  private static Batch batch(List<ModelDrafter> sequences, int[] counts, boolean guesses) {
    int total = 0;
    for (int count : counts) {
      total += count;
    }
    int[] ids = new int[total];
    int[] positions = new int[total];
    int[] tables = new int[total];
    int[][] blocks = new int[counts.length][];
    int[] rows = new int[guesses ? counts.length : 0];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      ModelDrafter s = sequences.get(i);
      blocks[i] = s.blocks();
      for (int j = 0; j < counts[i]; j++) {
        positions[at] = s.computed() + j;
        ids[at] = s.at(s.computed() + j);
        tables[at++] = i;
      }
      if (guesses) {
        rows[i] = at - 1;
      }
    }
    return new Batch(ids, positions, tables, blocks, rows);
  }

  // The most likely token, and how likely it is beside all others.
  private void guess(ModelDrafter sequence, int logitRow) {
    logits.get((long) logitRow * row.length, row, 0, row.length);
    int best = 0;
    for (int i = 1; i < settings.vocab(); i++) {
      best = row[i] > row[best] ? i : best;
    }
    float top = row[best];
    double sum = 0;
    for (float logit : row) {
      if (logit > top - NEGLIGIBLE) {
        sum += Math.exp(logit - top);
      }
    }
    sequence.guessed(best, (float) (1 / sum));
  }

  private void measured(int tokens, long took, double checking, boolean guesses) {
    if (!guesses) {
      if (tokens >= LEAST_CHUNK) {
        double each = (double) took / tokens;
        nanosPerToken = nanosPerToken == 0 ? each : nanosPerToken + WEIGHT * (each - nanosPerToken);
      }
    } else if (tokens <= StepCost.MOST) {
      // Code that is not compiled yet is no measure.
      double most = MOST_AT_FIRST * settings.relativeCost() * checking;
      cost.measured(tokens, cost.of(tokens) == 0 ? (long) Math.min((double) took, most) : took);
    }
  }

  /** Says so, once, and once more when it is given up. */
  void failed(RuntimeException why) {
    failures++;
    if (failures == 1 || failures == MOST_FAILURES) {
      String what =
          failures == 1
              ? "the draft model failed; replies go on without it: {0}"
              : "the draft model failed again, and is used no more: {0}";
      LOG.log(System.Logger.Level.WARNING, what, why.toString());
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      kv.close();
      arena.close();
      model.close();
    }
  }
}

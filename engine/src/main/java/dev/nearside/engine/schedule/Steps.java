package dev.nearside.engine.schedule;

import dev.nearside.chat.FinishReason;
import dev.nearside.engine.speculate.Drafting;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.util.List;
import java.util.function.LongSupplier;

/** Computes what the scheduler chose, and samples. Only the engine thread calls it. */
final class Steps {
  private final LanguageModel model;
  private final KvStore kv;
  private final Floats logits; // (rows, vocab)
  private final float[] row;
  private final Scheduler scheduler;
  private final Counters counters;
  private final int contextLength;
  private final LongSupplier clock;

  /**
   * @param logits room for those of a step
   * @param contextLength positions of one sequence
   * @param clock nanoseconds that steps take
   */
  Steps(
      LanguageModel model,
      KvStore kv,
      Floats logits,
      Scheduler scheduler,
      Counters counters,
      int contextLength,
      LongSupplier clock) {
    this.model = model;
    this.kv = kv;
    this.logits = logits;
    this.row = new float[model.info().vocabSize()];
    this.scheduler = scheduler;
    this.counters = counters;
    this.contextLength = contextLength;
    this.clock = clock;
  }

  /** Computes a step; whoever fails in it ends, the others go on. */
  void run(Plan plan) {
    long start = clock.getAsLong();
    if (compute(plan)) {
      scheduler.measured(plan, clock.getAsLong() - start);
      accept(plan);
    } else if (!plan.isAlone()) {
      plan.pieces().forEach(this::computeAlone); // one fails, the others do not
    }
  }

  // A guess must not make its sequence fail.
  private void computeAlone(Plan.Piece piece) {
    Plan plan = new Plan(List.of(piece.withoutDrafts()));
    if (compute(plan)) {
      accept(plan);
    }
  }

  // False when it failed. A step of one piece that fails ends its sequence.
  private boolean compute(Plan plan) {
    try {
      model.forward(plan.toBatch(), kv, logits);
      return true;
    } catch (RuntimeException e) {
      if (plan.isAlone()) {
        scheduler.fail(plan.pieces().getFirst().sequence(), e);
      }
      return false;
    }
  }

  private void accept(Plan plan) {
    int logitRow = 0;
    for (Plan.Piece piece : plan.pieces()) {
      Sequence s = piece.sequence();
      int rows = piece.logitRows();
      counters.promptTokens += s.advance(piece.count(), System.nanoTime());
      scheduler.computed(s);
      if (rows > 0) {
        sample(s, piece.drafts(), logitRow);
      }
      logitRow += rows;
    }
  }

  // A guess is right exactly if it is the token that is sampled in its place: then its keys and
  // values are right too, and so are the logits behind it. Samplers see only what is said.
  private void sample(Sequence s, int[] drafts, int firstRow) {
    int accepted = 0;
    while (true) {
      int id = sample(s, firstRow + accepted);
      boolean isRight = s.isSeated() && accepted < drafts.length && id == drafts[accepted];
      if (!isRight) {
        break;
      }
      s.advance(1, System.nanoTime());
      accepted++;
    }
    counters.draftedTokens += drafts.length;
    counters.acceptedTokens += accepted;
    Drafting drafting = s.drafting();
    if (drafting != null) {
      drafting.verified(drafts.length, accepted);
    }
    if (s.isSeated() && accepted > 0) {
      scheduler.computed(s);
    }
  }

  // One sequence's sampler does not end the others, some of which may have finished in this step.
  private int sample(Sequence s, int logitRow) {
    int vocab = row.length;
    logits.get((long) logitRow * vocab, row, 0, vocab);
    int id;
    try {
      id = s.task().sampler().sample(row, s);
    } catch (RuntimeException e) {
      scheduler.fail(s, e);
      return -1;
    }
    emit(s, id);
    return id;
  }

  private void emit(Sequence s, int id) {
    long now = System.nanoTime();
    s.append(id, now);
    counters.generatedTokens++;
    if (s.task().endIds().contains(id)) {
      scheduler.finish(s, FinishReason.STOP);
      return;
    }
    s.ring().put(id, now);
    if (s.generated() >= s.task().maxTokens() || s.length() >= contextLength) {
      scheduler.finish(s, FinishReason.LENGTH);
    }
  }
}

package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The guesses of one engine. Only the engine thread calls it. */
public final class Speculator implements AutoCloseable {
  /** Tokens of a step with guesses at most. */
  public static final int STEP_TOKENS = StepCost.MOST;

  /**
   * A sequence that has one token to compute in a step, and could have guesses behind it.
   *
   * @param limit guesses at most; none when it is not positive
   */
  public record Wish(Drafting drafting, TokenHistory history, int limit) {}

  private final StepCost cost = new StepCost();
  private final RecentReplies replies = new RecentReplies();
  private final Supplier<Drafter> drafters;
  private final @Nullable DraftModel model;
  private final @Nullable ModelStep modelStep;

  /** Guesses by what was said before. */
  public Speculator() {
    this((DraftModel) null);
  }

  /**
   * Guesses by what was said before, and by a model.
   *
   * @param model closed with the speculator; null = none
   */
  public Speculator(@Nullable DraftModel model) {
    this.drafters = () -> new LookupDrafter(replies);
    this.model = model;
    this.modelStep = model == null ? null : new ModelStep(model, cost);
  }

  /**
   * Guesses in another way.
   *
   * @param drafters makes one for each sequence
   */
  public Speculator(Supplier<Drafter> drafters) {
    this(drafters, null);
  }

  /** The same, and by a model. */
  public Speculator(Supplier<Drafter> drafters, @Nullable DraftModel model) {
    this.drafters = drafters;
    this.model = model;
    this.modelStep = model == null ? null : new ModelStep(model, cost);
  }

  /** For a new sequence. */
  public Drafting begin() {
    return new Drafting(drafters.get(), model == null ? null : model.begin(), cost);
  }

  /**
   * Guesses for the sequences of a step.
   *
   * @param room guesses that the step can take
   * @return tokens worth checking, in the order of {@code wishes}; often none
   */
  public List<int[]> draft(List<Wish> wishes, int room) {
    List<int[]> guesses = new ArrayList<>();
    int taken = 0;
    for (Wish wish : wishes) {
      int beside = wishes.size() - 1 + taken;
      int limit = Math.min(wish.limit, room - taken);
      int[] found = wish.drafting.draft(wish.history, beside, limit);
      guesses.add(found);
      taken += found.length;
    }
    if (modelStep != null) {
      modelStep.draft(wishes, guesses, room);
    }
    return guesses;
  }

  /** A sequence has ended; its reply begins at {@code from}. */
  public void ended(TokenHistory history, int from) {
    replies.add(history, from);
  }

  /** A step without prompts, of so many tokens, took so long. */
  public void measured(int tokens, long nanos) {
    cost.measured(tokens, nanos);
  }

  /** Memory of a draft model's keys and values. */
  public long kvBytes() {
    return model == null ? 0 : model.kvBytes();
  }

  /** Memory of a draft model's weights. */
  public long weightBytes() {
    return model == null ? 0 : model.weightBytes();
  }

  /** Closes the draft model. */
  @Override
  public void close() {
    if (model != null) {
      model.close();
    }
  }
}

package dev.nearside.engine.sample;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.Sampling;
import dev.nearside.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The samplers of one sequence, applied in the order of {@link Sampling#order}, then the draw. With
 * temperature 0 the most likely token after bias and penalties is taken. Mirostat replaces
 * truncation, temperature stays.
 */
public final class SamplerChain implements Sampler {
  private final List<SamplerStep> steps = new ArrayList<>();
  private final Candidates candidates;
  private final PositionRandom random;
  private final boolean isGreedy;
  private final @Nullable Mirostat mirostat;

  private SamplerChain(
      Sampling s,
      @Nullable Tokenizer tokenizer,
      @Nullable SamplerStep constraint,
      Candidates candidates) {
    this.candidates = candidates;
    if (constraint != null) {
      steps.add(constraint);
    }
    random = new PositionRandom(Objects.requireNonNullElseGet(s.seed(), System::nanoTime));
    isGreedy = or(s.temperature(), 1f) <= 0f;
    Sampling.Mirostat m = s.mirostat();
    mirostat = m == null || isGreedy ? null : new Mirostat(m.tau(), m.eta());
    List<String> order = s.order() == null ? SamplerNames.defaultOrder() : s.order();
    Set<SamplerNames> names = new LinkedHashSet<>();
    order.forEach(name -> names.add(SamplerNames.of(name)));
    // A bias is a wish of the caller, not a matter of taste: an order that forgets it still has it.
    if (s.logitBias() != null && !names.contains(SamplerNames.LOGIT_BIAS)) {
      steps.add(bias(s.logitBias()));
    }
    for (SamplerNames name : names) {
      SamplerStep step = step(name, s, tokenizer);
      if (step != null) {
        steps.add(step);
      }
    }
  }

  /**
   * A chain of its own for one sequence.
   *
   * @param tokenizer finds DRY's breakers; null when there are none
   * @throws ChatException when a value is out of range
   */
  public static SamplerChain of(Sampling sampling, @Nullable Tokenizer tokenizer) {
    return of(sampling, tokenizer, null);
  }

  /** A chain of its own for one sequence, that works on candidates of its own. */
  public static SamplerChain of(
      Sampling sampling, @Nullable Tokenizer tokenizer, @Nullable SamplerStep constraint) {
    return of(sampling, tokenizer, constraint, new Candidates());
  }

  /**
   * A chain of its own for one sequence.
   *
   * @param tokenizer finds DRY's breakers; null when there are none
   * @param constraint comes before all other steps, so that none of them can bring back what it
   *     dropped; null when every token may come
   * @param candidates what it works on; other samplers of its thread may use it too
   * @throws ChatException when a value is out of range
   */
  public static SamplerChain of(
      Sampling sampling,
      @Nullable Tokenizer tokenizer,
      @Nullable SamplerStep constraint,
      Candidates candidates) {
    SamplingRanges.check(sampling);
    return new SamplerChain(sampling, tokenizer, constraint, candidates);
  }

  @Override
  public int sample(float[] logits, TokenHistory history) {
    candidates.reset(logits);
    for (SamplerStep step : steps) {
      step.apply(candidates, history);
    }
    if (isGreedy) {
      return candidates.id(candidates.best());
    }
    double u = random.at(history.length(), PositionRandom.Purpose.TOKEN);
    if (mirostat != null) {
      return mirostat.draw(candidates, u);
    }
    candidates.computeProbabilities();
    return candidates.id(draw(candidates, u));
  }

  /** The first candidate at which the sum of probabilities exceeds {@code u}. */
  static int draw(Candidates c, double u) {
    double sum = 0;
    for (int i = 0; i < c.size(); i++) {
      sum += c.probability(i);
      if (u < sum) {
        return i;
      }
    }
    // Rounding may leave the sum just below 1.
    int last = c.size() - 1;
    while (last > 0 && c.probability(last) == 0) {
      last--;
    }
    return last;
  }

  private @Nullable SamplerStep step(SamplerNames name, Sampling s, @Nullable Tokenizer tokenizer) {
    boolean truncates = !isGreedy && mirostat == null;
    return switch (name) {
      case LOGIT_BIAS -> s.logitBias() == null ? null : bias(s.logitBias());
      case PENALTIES -> penalties(s.penalties());
      case DRY -> dry(s.dry(), tokenizer);
      case TOP_K -> truncates && or(s.topK(), 0) > 0 ? Truncation.topK(or(s.topK(), 0)) : null;
      case TYPICAL ->
          truncates && or(s.typicalP(), 1f) < 1f ? Truncation.typical(or(s.typicalP(), 1f)) : null;
      case TOP_P -> truncates && or(s.topP(), 1f) < 1f ? Truncation.topP(or(s.topP(), 1f)) : null;
      case MIN_P -> truncates && or(s.minP(), 0f) > 0f ? Truncation.minP(or(s.minP(), 0f)) : null;
      case XTC -> {
        Sampling.Xtc x = s.xtc();
        yield truncates && x != null && x.probability() > 0f && x.threshold() <= 0.5f
            ? Truncation.xtc(x.probability(), x.threshold(), random)
            : null;
      }
      case TEMPERATURE -> {
        float t = or(s.temperature(), 1f);
        yield isGreedy || t == 1f ? null : (c, history) -> c.scaleLogits(1f / t);
      }
    };
  }

  private static SamplerStep bias(Map<Integer, Float> bias) {
    return (c, history) -> c.change(bias, Float::sum);
  }

  private static @Nullable SamplerStep penalties(Sampling.@Nullable Penalties p) {
    if (p == null) {
      return null;
    }
    Repetition repetition = Repetition.of(p);
    return repetition.isOff() ? null : repetition;
  }

  private static @Nullable SamplerStep dry(
      Sampling.@Nullable Dry dry, @Nullable Tokenizer tokenizer) {
    if (dry == null || dry.multiplier() == 0f) {
      return null;
    }
    if (tokenizer == null && !dry.breakers().isEmpty()) {
      throw new ChatException(Fault.of("DRY's breakers need a tokenizer"));
    }
    DryPenalty penalty =
        new DryPenalty(dry, tokenizer == null ? id -> false : breakers(dry, tokenizer));
    return penalty::apply;
  }

  // Whether a token holds a breaker is found out once.
  private static IntPredicate breakers(Sampling.Dry dry, Tokenizer tokenizer) {
    BitSet known = new BitSet();
    BitSet breakers = new BitSet();
    return id -> {
      if (!known.get(id)) {
        known.set(id);
        String text = tokenizer.decode(new int[] {id});
        breakers.set(id, dry.breakers().stream().anyMatch(text::contains));
      }
      return breakers.get(id);
    };
  }

  private static <T> T or(@Nullable T value, T fallback) {
    return value != null ? value : fallback;
  }
}

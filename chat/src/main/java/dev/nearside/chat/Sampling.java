package dev.nearside.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen. A null member means the default of whoever fills it in next: flags, then
 * the catalogue entry, then {@link #FALLBACK}.
 *
 * @param temperature logits are divided by it; 0 = always the most likely token
 * @param topK keep the k most likely tokens; 0 = off
 * @param topP keep the smallest set of tokens whose probabilities reach p; 1 = off
 * @param minP keep tokens at least p times as likely as the most likely one; 0 = off
 * @param typicalP keep the most typical tokens up to probability p; 1 = off
 * @param xtc exclude top choices
 * @param dry don't repeat yourself: penalty on continuing a repetition
 * @param mirostat mirostat 2, which replaces all truncation
 * @param penalties on tokens seen before
 * @param logitBias added to the logits of these token ids
 * @param seed of the random numbers; null = a new one each time
 * @param order the samplers, by name, in the order in which they are applied
 */
public record Sampling(
    @Nullable Float temperature,
    @Nullable Integer topK,
    @Nullable Float topP,
    @Nullable Float minP,
    @Nullable Float typicalP,
    @Nullable Xtc xtc,
    @Nullable Dry dry,
    @Nullable Mirostat mirostat,
    @Nullable Penalties penalties,
    @Nullable Map<Integer, Float> logitBias,
    @Nullable Long seed,
    @Nullable List<String> order) {

  /**
   * Exclude top choices (XTC): with probability {@code probability}, drop all tokens above {@code
   * threshold} but the least likely of them.
   */
  public record Xtc(float probability, float threshold) {}

  /**
   * DRY: a token that would extend a repetition of length n ≥ {@code allowedLength} loses {@code
   * multiplier * base^(n - allowedLength)}.
   *
   * @param lastTokens how far back to look; -1 = the whole context
   * @param breakers strings that repetitions do not cross
   */
  public record Dry(
      float multiplier, float base, int allowedLength, int lastTokens, List<String> breakers) {
    public Dry {
      breakers = List.copyOf(breakers);
    }
  }

  /**
   * Mirostat 2 (Basu et al. 2020).
   *
   * @param tau target surprise in bits
   * @param eta learning rate
   */
  public record Mirostat(float tau, float eta) {}

  /**
   * Penalties on tokens among the last {@code lastTokens}. As in {@link Sampling}, a null member
   * means the default of whoever fills it in next, in the end {@link #NONE}.
   *
   * @param repeat positive logits are divided by it, negative ones multiplied; 1 = off
   * @param presence subtracted once if the token was seen
   * @param frequency subtracted for each time the token was seen
   * @param lastTokens how far back to look; -1 = the whole context
   */
  public record Penalties(
      @Nullable Float repeat,
      @Nullable Float presence,
      @Nullable Float frequency,
      @Nullable Integer lastTokens) {
    public static final Penalties NONE = new Penalties(1f, 0f, 0f, 64);

    /** Everything unset. */
    public static final Penalties DEFAULTS = new Penalties(null, null, null, null);

    /** This, with what is unset taken from {@code other}. */
    public Penalties orElse(Penalties other) {
      return new Penalties(
          first(repeat, other.repeat),
          first(presence, other.presence),
          first(frequency, other.frequency),
          first(lastTokens, other.lastTokens));
    }
  }

  /** Everything unset. */
  public static final Sampling DEFAULTS = builder().build();

  /** What is used when nobody says anything. */
  public static final Sampling FALLBACK =
      builder().temperature(0.8f).topK(40).topP(0.95f).minP(0.05f).build();

  /** The most likely token, always. */
  public static final Sampling GREEDY = builder().temperature(0f).build();

  public Sampling {
    logitBias = logitBias == null ? null : Map.copyOf(logitBias);
    order = order == null ? null : List.copyOf(order);
  }

  /** This, with what is unset taken from {@code other}; penalties one by one. */
  public Sampling orElse(Sampling other) {
    return new Sampling(
        first(temperature, other.temperature),
        first(topK, other.topK),
        first(topP, other.topP),
        first(minP, other.minP),
        first(typicalP, other.typicalP),
        first(xtc, other.xtc),
        first(dry, other.dry),
        first(mirostat, other.mirostat),
        penalties == null || other.penalties == null
            ? first(penalties, other.penalties)
            : penalties.orElse(other.penalties),
        first(logitBias, other.logitBias),
        first(seed, other.seed),
        first(order, other.order));
  }

  private static <T> @Nullable T first(@Nullable T a, @Nullable T b) {
    return a != null ? a : b;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.from = this;
    return b;
  }

  /** Sets members by name. */
  public static final class Builder {
    private @Nullable Sampling from;
    private @Nullable Float temperature;
    private @Nullable Integer topK;
    private @Nullable Float topP;
    private @Nullable Float minP;
    private @Nullable Float typicalP;
    private @Nullable Xtc xtc;
    private @Nullable Dry dry;
    private @Nullable Mirostat mirostat;
    private @Nullable Penalties penalties;
    private @Nullable Map<Integer, Float> logitBias;
    private @Nullable Long seed;
    private @Nullable List<String> order;

    private Builder() {}

    public Builder temperature(@Nullable Float value) {
      temperature = value;
      return this;
    }

    public Builder topK(@Nullable Integer value) {
      topK = value;
      return this;
    }

    public Builder topP(@Nullable Float value) {
      topP = value;
      return this;
    }

    public Builder minP(@Nullable Float value) {
      minP = value;
      return this;
    }

    public Builder typicalP(@Nullable Float value) {
      typicalP = value;
      return this;
    }

    public Builder xtc(@Nullable Xtc value) {
      xtc = value;
      return this;
    }

    public Builder dry(@Nullable Dry value) {
      dry = value;
      return this;
    }

    public Builder mirostat(@Nullable Mirostat value) {
      mirostat = value;
      return this;
    }

    public Builder penalties(@Nullable Penalties value) {
      penalties = value;
      return this;
    }

    public Builder logitBias(@Nullable Map<Integer, Float> value) {
      logitBias = value;
      return this;
    }

    public Builder seed(@Nullable Long value) {
      seed = value;
      return this;
    }

    public Builder order(@Nullable List<String> value) {
      order = value;
      return this;
    }

    public Sampling build() {
      Sampling own =
          new Sampling(
              temperature,
              topK,
              topP,
              minP,
              typicalP,
              xtc,
              dry,
              mirostat,
              penalties,
              logitBias,
              seed,
              order);
      return from == null ? own : own.orElse(from);
    }
  }
}

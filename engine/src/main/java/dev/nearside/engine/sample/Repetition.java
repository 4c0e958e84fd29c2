package dev.nearside.engine.sample;

import dev.nearside.chat.Sampling.Penalties;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Repetition, presence and frequency penalties (Keskar et al. 2019; the OpenAI API): {@link
 * Penalties} with nothing unset.
 */
record Repetition(float repeat, float presence, float frequency, int lastTokens)
    implements SamplerStep {
  /** What is unset is off, or 64 tokens back. */
  static Repetition of(Penalties penalties) {
    Penalties p = penalties.orElse(Penalties.NONE);
    return new Repetition(
        Objects.requireNonNull(p.repeat()),
        Objects.requireNonNull(p.presence()),
        Objects.requireNonNull(p.frequency()),
        Objects.requireNonNull(p.lastTokens()));
  }

  /** Whether it changes nothing. */
  boolean isOff() {
    return lastTokens == 0 || (repeat == 1f && presence == 0f && frequency == 0f);
  }

  @Override
  public void apply(Candidates c, TokenHistory history) {
    int from = lastTokens < 0 ? 0 : Math.max(0, history.length() - lastTokens);
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = from; i < history.length(); i++) {
      counts.merge(history.at(i), 1, Integer::sum);
    }
    c.change(counts, this::penalised);
  }

  private float penalised(float logit, int count) {
    return (logit > 0 ? logit / repeat : logit * repeat) - presence - count * frequency;
  }
}

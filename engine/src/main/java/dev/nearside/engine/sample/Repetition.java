package dev.nearside.engine.sample;

import dev.nearside.chat.Sampling;
import java.util.HashMap;
import java.util.Map;

/** Repetition, presence and frequency penalties (Keskar et al. 2019; the OpenAI API). */
final class Repetition {
  private Repetition() {}

  static SamplerStep penalties(Sampling.Penalties p) {
    return (c, history) -> {
      int from = p.lastTokens() < 0 ? 0 : Math.max(0, history.length() - p.lastTokens());
      Map<Integer, Integer> counts = new HashMap<>();
      for (int i = from; i < history.length(); i++) {
        counts.merge(history.at(i), 1, Integer::sum);
      }
      for (int i = 0; i < c.size(); i++) {
        Integer count = counts.get(c.id(i));
        if (count != null) {
          float logit = c.logit(i);
          logit = logit > 0 ? logit / p.repeat() : logit * p.repeat();
          c.setLogit(i, logit - p.presence() - count * p.frequency());
        }
      }
    };
  }
}

package dev.nearside.engine.sample;

/** One member of the sampler chain: changes or drops candidates. */
@FunctionalInterface
public interface SamplerStep {
  /** Changes {@code candidates}; at least one must stay. */
  void apply(Candidates candidates, TokenHistory history);
}

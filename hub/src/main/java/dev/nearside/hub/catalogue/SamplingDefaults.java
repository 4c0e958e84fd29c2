package dev.nearside.hub.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * Sampling settings that the model's card recommends; null where the card says nothing.
 *
 * @param temperature 0 is greedy
 * @param topK 0 is off
 */
public record SamplingDefaults(
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    @Nullable Double minP,
    @Nullable Double repeatPenalty) {

  public static final SamplingDefaults NONE = new SamplingDefaults(null, null, null, null, null);
}

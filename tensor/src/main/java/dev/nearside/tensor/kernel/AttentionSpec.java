package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import org.jspecify.annotations.Nullable;

/**
 * The shape of one attention layer. Query head {@code h} reads key/value head {@code h / (heads /
 * kvHeads)}.
 *
 * @param heads query heads, a multiple of {@code kvHeads}
 * @param kvHeads key and value heads
 * @param headDim elements of a head
 * @param scale factor on the scores
 * @param window a token sees the last {@code window} positions, itself among them; 0 = all
 * @param softCap scores become {@code cap * tanh(score / cap)}; 0 = off
 * @param sinks one logit per head that takes part in the softmax without a value (gpt-oss), or null
 */
public record AttentionSpec(
    int heads,
    int kvHeads,
    int headDim,
    float scale,
    int window,
    float softCap,
    @Nullable Floats sinks) {}

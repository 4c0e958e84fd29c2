/**
 * Measures models: perplexity, KL divergence, speed. {@link dev.nearside.engine.eval.Scorer} is the
 * shortest way from tokens to logits; the others are built on it.
 */
@NullMarked
package dev.nearside.engine.eval;

import org.jspecify.annotations.NullMarked;

/** Perplexity and KL divergence. */
@NullMarked
package dev.nearside.engine.eval;

import org.jspecify.annotations.NullMarked;

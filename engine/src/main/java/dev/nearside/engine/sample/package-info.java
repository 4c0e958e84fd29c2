/** From logits to a token: a chain of small samplers in a stated order. */
@NullMarked
package dev.nearside.engine.sample;

import org.jspecify.annotations.NullMarked;

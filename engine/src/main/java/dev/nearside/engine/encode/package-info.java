/** Texts to vectors: framing of inputs, and the one thread that computes them. */
@NullMarked
package dev.nearside.engine.encode;

import org.jspecify.annotations.NullMarked;

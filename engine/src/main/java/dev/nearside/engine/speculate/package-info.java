/**
 * Guesses of what a sequence says next, checked by the model in one step. To add a way of guessing:
 * a {@link dev.nearside.engine.speculate.Drafter}.
 */
@NullMarked
package dev.nearside.engine.speculate;

import org.jspecify.annotations.NullMarked;

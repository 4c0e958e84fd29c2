/** Runs a model for callers: sequences, scheduling, sampling, chat. */
@NullMarked
package dev.nearside.engine;

import org.jspecify.annotations.NullMarked;

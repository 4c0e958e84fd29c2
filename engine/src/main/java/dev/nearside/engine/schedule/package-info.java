/** Sequences, the scheduler, and the one thread that owns model and KV. */
@NullMarked
package dev.nearside.engine.schedule;

import org.jspecify.annotations.NullMarked;

/** Several models in one process, under one memory budget. */
@NullMarked
package dev.nearside.engine.pool;

import org.jspecify.annotations.NullMarked;

/** The commands, and the one place that constructs the whole system. */
@NullMarked
package dev.nearside.cli;

import org.jspecify.annotations.NullMarked;

/** Errors, units and small helpers that every floor may use. Keep it small. */
@NullMarked
package dev.nearside.base;

import org.jspecify.annotations.NullMarked;

/**
 * The values that a template can hold, and Python's operations on them: a closed set of types, so
 * that nothing of Java is reachable. To add a type, add it to {@link
 * dev.nearside.jinja.value.Value}'s {@code permits} and follow the compiler.
 */
@NullMarked
package dev.nearside.jinja.value;

import org.jspecify.annotations.NullMarked;

/**
 * How families of models write calls and thoughts, as data: readers parse by it, and a grammar can
 * be made of it.
 */
@NullMarked
package dev.nearside.engine.parse.syntax;

import org.jspecify.annotations.NullMarked;

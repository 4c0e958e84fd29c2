/**
 * Structured output: JSON Schema, GBNF, regular expressions and choices compiled to one automaton
 * over bytes, and the masks of tokens that it allows.
 */
@NullMarked
package dev.nearside.grammar;

import org.jspecify.annotations.NullMarked;

/** Reads llama.cpp's grammar notation. */
@NullMarked
package dev.nearside.grammar.gbnf;

import org.jspecify.annotations.NullMarked;

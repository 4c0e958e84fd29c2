/** Sets of characters, regular languages and their notation as regular expressions. */
@NullMarked
package dev.nearside.grammar.text;

import org.jspecify.annotations.NullMarked;

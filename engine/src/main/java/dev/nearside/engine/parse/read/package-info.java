/** Reads replies that come in pieces, by the syntax of a family. */
@NullMarked
package dev.nearside.engine.parse.read;

import org.jspecify.annotations.NullMarked;

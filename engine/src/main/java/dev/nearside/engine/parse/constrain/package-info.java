/** Grammars of replies with calls, made of the syntax of a family and the schemas of tools. */
@NullMarked
package dev.nearside.engine.parse.constrain;

import org.jspecify.annotations.NullMarked;

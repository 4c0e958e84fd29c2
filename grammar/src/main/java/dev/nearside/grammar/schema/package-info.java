/** JSON Schema to grammars. */
@NullMarked
package dev.nearside.grammar.schema;

import org.jspecify.annotations.NullMarked;

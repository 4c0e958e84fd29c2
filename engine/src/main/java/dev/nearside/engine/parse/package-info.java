/** From the text that a model writes to the events that a caller gets. */
@NullMarked
package dev.nearside.engine.parse;

import org.jspecify.annotations.NullMarked;

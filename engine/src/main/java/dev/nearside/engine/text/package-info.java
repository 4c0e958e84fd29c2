/** From generated tokens to events: stop strings, thoughts, text. */
@NullMarked
package dev.nearside.engine.text;

import org.jspecify.annotations.NullMarked;

/** From messages to prompt tokens: the chat template. */
@NullMarked
package dev.nearside.engine.prompt;

import org.jspecify.annotations.NullMarked;

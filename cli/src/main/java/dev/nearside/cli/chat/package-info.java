/** The chat at a terminal. */
@NullMarked
package dev.nearside.cli.chat;

import org.jspecify.annotations.NullMarked;

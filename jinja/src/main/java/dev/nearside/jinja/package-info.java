/** A Jinja engine for chat templates. */
@NullMarked
package dev.nearside.jinja;

import org.jspecify.annotations.NullMarked;

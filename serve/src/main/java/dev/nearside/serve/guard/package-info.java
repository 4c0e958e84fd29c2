/** Who may use the server, how much, and from where. */
@NullMarked
package dev.nearside.serve.guard;

import org.jspecify.annotations.NullMarked;

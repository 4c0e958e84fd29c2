/** The HTTP server. */
@NullMarked
package dev.nearside.serve;

import org.jspecify.annotations.NullMarked;

/** The server about itself: whether it is well, which it is, what it offers, what it is doing. */
@NullMarked
package dev.nearside.serve.system;

import org.jspecify.annotations.NullMarked;

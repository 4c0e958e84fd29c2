/** Records of a chat and the interfaces that every backend, near or far, implements. */
@NullMarked
package dev.nearside.chat;

import org.jspecify.annotations.NullMarked;

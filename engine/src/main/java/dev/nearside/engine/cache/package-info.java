/** Which sequence owns which KV block, and what can be used again. */
@NullMarked
package dev.nearside.engine.cache;

import org.jspecify.annotations.NullMarked;

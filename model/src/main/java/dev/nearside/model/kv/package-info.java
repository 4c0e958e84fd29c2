/** Storage of keys and values. Who owns which block is the engine's business. */
@NullMarked
package dev.nearside.model.kv;

import org.jspecify.annotations.NullMarked;

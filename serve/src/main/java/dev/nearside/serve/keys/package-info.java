/** API keys: who may do what, kept so that the file gives no key away. */
@NullMarked
package dev.nearside.serve.keys;

import org.jspecify.annotations.NullMarked;

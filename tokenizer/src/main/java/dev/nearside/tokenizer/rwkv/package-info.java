/** RWKV's World vocabulary: greedy longest match over bytes. */
@NullMarked
package dev.nearside.tokenizer.rwkv;

import org.jspecify.annotations.NullMarked;

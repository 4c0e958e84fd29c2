/** Byte-pair encoding by a list of merges, over bytes or over characters. */
@NullMarked
package dev.nearside.tokenizer.bpe;

import org.jspecify.annotations.NullMarked;

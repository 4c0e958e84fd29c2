/** Splitting text into words before merging: regular expressions and the few that are none. */
@NullMarked
package dev.nearside.tokenizer.pre;

import org.jspecify.annotations.NullMarked;

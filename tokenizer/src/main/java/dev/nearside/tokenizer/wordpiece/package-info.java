/** WordPiece: the longest token first, and BERT's way to normalise and split. */
@NullMarked
package dev.nearside.tokenizer.wordpiece;

import org.jspecify.annotations.NullMarked;

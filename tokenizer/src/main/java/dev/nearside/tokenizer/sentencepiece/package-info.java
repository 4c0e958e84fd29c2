/** SentencePiece's byte-pair encoding by score, and its normalisation table. */
@NullMarked
package dev.nearside.tokenizer.sentencepiece;

import org.jspecify.annotations.NullMarked;

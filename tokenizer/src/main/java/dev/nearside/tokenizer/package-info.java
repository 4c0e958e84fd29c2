/** Text to token ids and back: byte-level BPE, SentencePiece BPE, Unigram and WordPiece. */
@NullMarked
package dev.nearside.tokenizer;

import org.jspecify.annotations.NullMarked;

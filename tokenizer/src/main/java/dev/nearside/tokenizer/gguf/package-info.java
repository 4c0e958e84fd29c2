/** Tokenizers from the metadata of GGUF files; to add a pre-tokeniser, see PreFamilies. */
@NullMarked
package dev.nearside.tokenizer.gguf;

import org.jspecify.annotations.NullMarked;

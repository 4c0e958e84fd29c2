/** Tokenizers from Hugging Face's tokenizer.json; one method per component of the pipeline. */
@NullMarked
package dev.nearside.tokenizer.json;

import org.jspecify.annotations.NullMarked;

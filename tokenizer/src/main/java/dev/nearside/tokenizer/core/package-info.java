/** The parts that every tokenizer is composed of: vocabulary, special tokens, model, renderer. */
@NullMarked
package dev.nearside.tokenizer.core;

import org.jspecify.annotations.NullMarked;

/**
 * Hugging Face folders read as if they were GGUF files: metadata from {@code config.json}, tensors
 * renamed and reordered as llama.cpp's converter does.
 */
@NullMarked
package dev.nearside.model.hf;

import org.jspecify.annotations.NullMarked;

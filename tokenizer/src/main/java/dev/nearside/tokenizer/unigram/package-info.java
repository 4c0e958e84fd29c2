/** Unigram language model: the most likely segmentation (Viterbi). */
@NullMarked
package dev.nearside.tokenizer.unigram;

import org.jspecify.annotations.NullMarked;

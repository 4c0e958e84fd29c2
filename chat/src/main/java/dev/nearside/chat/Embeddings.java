package dev.nearside.chat;

import java.util.List;

/**
 * Vectors of texts.
 *
 * @param vectors one per input, in their order; where a model does not pool, an input has one
 *     vector per token, one after the other
 * @param dimensions values of a vector
 * @param usage tokens that were read
 */
public record Embeddings(List<float[]> vectors, int dimensions, Usage usage) {
  public Embeddings {
    vectors = List.copyOf(vectors);
  }
}

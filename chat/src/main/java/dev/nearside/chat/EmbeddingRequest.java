package dev.nearside.chat;

import dev.nearside.base.Fault;
import java.util.List;

/**
 * Texts to turn into vectors.
 *
 * @param inputs in the order of the answer
 * @param prefix put before each text: what the model's card asks for, such as {@code "query: "}
 * @param isNormalised whether vectors get length 1
 * @param dimensions values of a vector; the rest is cut off before normalising (Matryoshka
 *     representation learning, Kusupati et al. 2022); 0 = all
 * @param isTruncated whether what is too long is cut; else it is an error
 */
public record EmbeddingRequest(
    List<EmbeddingInput> inputs,
    String prefix,
    boolean isNormalised,
    int dimensions,
    boolean isTruncated) {
  public EmbeddingRequest {
    inputs = List.copyOf(inputs);
    if (dimensions < 0) {
      throw new ChatException(
          Fault.of("a vector can't have so many dimensions").got(dimensions).expected("0 or more"));
    }
  }

  /** Texts with what suits most uses: whole vectors of length 1. */
  public static EmbeddingRequest of(String... texts) {
    List<EmbeddingInput> inputs =
        List.of(texts).stream().<EmbeddingInput>map(EmbeddingInput.Text::new).toList();
    return new EmbeddingRequest(inputs, "", true, 0, false);
  }
}

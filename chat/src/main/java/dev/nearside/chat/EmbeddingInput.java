package dev.nearside.chat;

/** What is to become a vector. */
public sealed interface EmbeddingInput {
  /** A text, which the model's tokenizer frames as the model was trained. */
  record Text(String text) implements EmbeddingInput {}

  /**
   * Token ids, taken as they are.
   *
   * @param ids at least one
   */
  record Tokens(int[] ids) implements EmbeddingInput {}
}

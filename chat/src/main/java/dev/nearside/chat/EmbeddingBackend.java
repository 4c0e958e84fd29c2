package dev.nearside.chat;

/** Turns texts into vectors. */
public interface EmbeddingBackend {
  /**
   * The vectors of {@code request.inputs()}, on the caller's (virtual) thread. A vector depends on
   * its own text alone, to the bit.
   *
   * @throws ContextOverflowException when an input is too long and may not be cut
   * @throws ChatException when the request can't be answered
   * @throws InterruptedException when the caller was interrupted: nothing more is computed for it
   */
  Embeddings embed(EmbeddingRequest request) throws InterruptedException;
}

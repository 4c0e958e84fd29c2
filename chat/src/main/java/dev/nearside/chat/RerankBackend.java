package dev.nearside.chat;

/** Judges documents by a query. */
public interface RerankBackend {
  /**
   * The scores of {@code request.documents()}, on the caller's (virtual) thread. A score depends on
   * the query and its own document alone, to the bit.
   *
   * @throws ContextOverflowException when query and document are too long together and may not be
   *     cut
   * @throws ChatException when the request can't be answered
   * @throws InterruptedException when the caller was interrupted: nothing more is computed for it
   */
  Ranking rerank(RerankRequest request) throws InterruptedException;
}

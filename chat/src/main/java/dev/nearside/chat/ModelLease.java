package dev.nearside.chat;

import dev.nearside.base.Fault;

/**
 * The use of a loaded model: it stays in memory until the lease is closed, and as long as it is
 * kept alive afterwards. What a model can't do ({@link ModelFacts.Ability}) throws {@link
 * ChatException}.
 */
public interface ModelLease extends AutoCloseable {
  ModelFacts facts();

  ChatBackend chats();

  CompletionBackend completions();

  /** Vectors of texts, from models that make some. */
  default EmbeddingBackend embeddings() {
    throw new ChatException(
        Fault.of("the model makes no embeddings")
            .got(facts().name())
            .hint("Take an embedding model, such as those that 'list --all' shows."));
  }

  /** Scores of documents, from models that judge them. */
  default RerankBackend reranks() {
    throw new ChatException(
        Fault.of("the model can't rank documents")
            .got(facts().name())
            .hint("Take a reranking model, such as bge-reranker."));
  }

  TokenService tokens();

  @Override
  void close();
}

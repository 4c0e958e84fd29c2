package dev.nearside.engine.pool;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.TokenService;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease of a model in a pool. */
final class EngineLease implements ModelLease {
  private final ModelPool pool;
  private final PooledModel entry;
  private final Opened model;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  EngineLease(ModelPool pool, PooledModel entry, Opened model) {
    this.pool = pool;
    this.entry = entry;
    this.model = model;
  }

  void warmUp() {
    model.warmUp();
  }

  @Override
  public ModelFacts facts() {
    return model.facts(entry.found);
  }

  @Override
  public ChatBackend chats() {
    return model.chats();
  }

  @Override
  public CompletionBackend completions() {
    return model.completions();
  }

  @Override
  public EmbeddingBackend embeddings() {
    return model.embeddings();
  }

  @Override
  public RerankBackend reranks() {
    return model.reranks();
  }

  @Override
  public TokenService tokens() {
    return model.tokens();
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      pool.release(entry);
    }
  }
}

package dev.nearside.serve.metrics;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.Finished;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.ModelManager;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.TokenService;
import dev.nearside.serve.guard.Caller;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Models whose use is measured, and charged to whoever asks, whatever API the asking is in. */
public record MeteredModels(ModelManager models, ServerMetrics metrics) implements ModelManager {
  @Override
  public ModelLease acquire(String name, @Nullable Duration keepAlive) throws InterruptedException {
    Caller caller = Caller.CURRENT.isBound() ? Caller.CURRENT.get() : null;
    if (caller != null) {
      caller.uses(name);
    }
    return new MeteredLease(models.acquire(name, keepAlive), metrics, caller);
  }

  @Override
  public List<LoadedModelState> loaded() {
    return models.loaded();
  }

  @Override
  public boolean unload(String name) {
    return models.unload(name);
  }

  /** A reply in the making. */
  private interface Work {
    Finished run() throws InterruptedException;
  }

  private record MeteredLease(ModelLease lease, ServerMetrics metrics, @Nullable Caller caller)
      implements ModelLease {
    @Override
    public ModelFacts facts() {
      return lease.facts();
    }

    @Override
    public ChatBackend chats() {
      ChatBackend backend = lease.chats();
      return (request, sink) -> measured("chat", () -> backend.chat(request, sink));
    }

    @Override
    public CompletionBackend completions() {
      CompletionBackend backend = lease.completions();
      return (request, sink) -> measured("text_completion", () -> backend.complete(request, sink));
    }

    private Finished measured(String operation, Work work) throws InterruptedException {
      String model = lease.facts().name();
      long began = System.nanoTime();
      metrics.begin();
      Finished end;
      try {
        end = work.run();
      } catch (InterruptedException | RuntimeException | Error e) {
        metrics.fail(model, operation, e);
        throw e;
      }
      metrics.end(model, operation, end, System.nanoTime() - began);
      if (caller != null) {
        caller.pay(end.usage());
      }
      return end;
    }

    @Override
    public EmbeddingBackend embeddings() {
      return lease.embeddings();
    }

    @Override
    public RerankBackend reranks() {
      return lease.reranks();
    }

    @Override
    public TokenService tokens() {
      return lease.tokens();
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}

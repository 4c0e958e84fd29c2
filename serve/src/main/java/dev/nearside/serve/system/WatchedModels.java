package dev.nearside.serve.system;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.Finished;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.ModelManager;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.TokenService;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Models whose replies are counted, whatever API asks for them. */
public record WatchedModels(ModelManager models, Activity activity) implements ModelManager {
  @Override
  public ModelLease acquire(String name, @Nullable Duration keepAlive) throws InterruptedException {
    return new WatchedLease(models.acquire(name, keepAlive), activity);
  }

  @Override
  public List<LoadedModelState> loaded() {
    return models.loaded();
  }

  @Override
  public boolean unload(String name) {
    return models.unload(name);
  }

  /** A reply to be counted. */
  private interface Reply {
    Finished write(ChatSink sink) throws InterruptedException;
  }

  /** Notices the first word. */
  private static final class Counter implements ChatSink {
    private final ChatSink sink;
    private final Activity activity;
    private boolean hasBegun;

    Counter(ChatSink sink, Activity activity) {
      this.sink = sink;
      this.activity = activity;
    }

    @Override
    public void accept(ChatEvent event) throws SinkClosedException {
      if (!hasBegun) {
        hasBegun = true;
        activity.begin();
      }
      if (!(event instanceof ChatEvent.Logprobs)) {
        activity.write();
      }
      sink.accept(event);
    }
  }

  private record WatchedLease(ModelLease lease, Activity activity) implements ModelLease {
    private Finished counted(ChatSink sink, Reply reply) throws InterruptedException {
      Counter counter = new Counter(sink, activity);
      activity.take();
      try {
        Finished end = reply.write(counter);
        activity.count(end.usage());
        return end;
      } finally {
        activity.end(counter.hasBegun);
      }
    }

    @Override
    public ModelFacts facts() {
      return lease.facts();
    }

    @Override
    public ChatBackend chats() {
      ChatBackend backend = lease.chats();
      return (request, sink) -> counted(sink, to -> backend.chat(request, to));
    }

    @Override
    public CompletionBackend completions() {
      CompletionBackend backend = lease.completions();
      return (request, sink) -> counted(sink, to -> backend.complete(request, to));
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

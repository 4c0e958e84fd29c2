package dev.nearside.serve.metrics;

import dev.nearside.chat.BackendException;
import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.DeadlineException;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.Embeddings;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Generation;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.ModelManager;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Ranking;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.Usage;
import dev.nearside.serve.guard.Caller;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Models whose use is measured, shown to people who watch, and charged to whoever asks, whatever
 * API the asking is in.
 */
public record MeteredModels(ModelManager models, ServerMetrics metrics, Activity activity)
    implements ModelManager {
  @Override
  public ModelLease acquire(String name, @Nullable Duration keepAlive) throws InterruptedException {
    Caller caller = Caller.CURRENT.isBound() ? Caller.CURRENT.get() : null;
    if (caller != null) {
      caller.uses(name);
    }
    return new MeteredLease(models.acquire(name, keepAlive), metrics, activity, caller);
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
    Finished run(ChatSink sink) throws InterruptedException;
  }

  /** Texts being read. */
  private interface Reading<T> {
    T run() throws InterruptedException;
  }

  private record MeteredLease(
      ModelLease lease, ServerMetrics metrics, Activity activity, @Nullable Caller caller)
      implements ModelLease {
    @Override
    public ModelFacts facts() {
      return lease.facts();
    }

    @Override
    public ChatBackend chats() {
      ChatBackend backend = lease.chats();
      return (request, sink) ->
          measured(
              "chat",
              sink,
              to -> backend.chat(request.withGeneration(owned(request.generation())), to),
              () -> lease.tokens().count(request));
    }

    // How much of a prompt is computed already tells who has sent it before.
    private Generation owned(Generation generation) {
      return caller == null ? generation : generation.withOwner(caller.owner());
    }

    @Override
    public CompletionBackend completions() {
      CompletionBackend backend = lease.completions();
      return (request, sink) ->
          measured(
              "text_completion",
              sink,
              to ->
                  backend.complete(
                      new CompletionRequest(request.prompt(), owned(request.generation())), to),
              () -> count(request.prompt()));
    }

    private int count(Prompt prompt) {
      return switch (prompt) {
        case Prompt.Text(String text, boolean parseSpecial) ->
            lease.tokens().tokenize(text, parseSpecial, true).length;
        case Prompt.Ids(int[] ids) -> ids.length;
        case Prompt.Infill(String before, String behind) ->
            lease.tokens().tokenize(before, false, false).length
                + lease.tokens().tokenize(behind, false, false).length;
      };
    }

    private Finished measured(String operation, ChatSink sink, Work work, IntSupplier promptTokens)
        throws InterruptedException {
      String model = lease.facts().name();
      long began = System.nanoTime();
      metrics.begin();
      Finished end;
      WatchedReply reply = new WatchedReply(sink, activity);
      try (reply) {
        end = work.run(reply);
        reply.finish(end);
      } catch (InterruptedException | RuntimeException | Error e) {
        metrics.fail(model, operation, e);
        if (caller != null && isOwed(e, reply.pieces())) {
          caller.pay(new Usage(promptTokens(promptTokens, e), 0, reply.pieces()));
        }
        throw e;
      }
      metrics.end(model, operation, end, System.nanoTime() - began);
      if (caller != null) {
        caller.pay(end.usage());
      }
      return end;
    }

    // Whoever hangs up, or sets a deadline that cuts the reply short, pays for what was done, too.
    // The server's own failures cost nothing, nor does what was refused before it began.
    private static boolean isOwed(Throwable why, int pieces) {
      return switch (why) {
        case InterruptedException e -> true;
        case DeadlineException e -> true;
        case BackendException e -> false;
        case ChatException e -> pieces > 0;
        default -> false;
      };
    }

    // A prompt that can't be counted is no reason to lose what ended the reply.
    private static int promptTokens(IntSupplier count, Throwable why) {
      try {
        return count.getAsInt();
      } catch (RuntimeException e) {
        why.addSuppressed(e);
        return 0;
      }
    }

    @Override
    public EmbeddingBackend embeddings() {
      EmbeddingBackend backend = lease.embeddings();
      return request -> read("embeddings", () -> backend.embed(request), Embeddings::usage);
    }

    @Override
    public RerankBackend reranks() {
      RerankBackend backend = lease.reranks();
      return request -> read("rerank", () -> backend.rerank(request), Ranking::usage);
    }

    /** Work that reads texts and writes none. */
    private <T> T read(String operation, Reading<T> work, Function<T, Usage> usage)
        throws InterruptedException {
      String model = lease.facts().name();
      long began = System.nanoTime();
      metrics.begin();
      T result;
      try {
        result = work.run();
      } catch (InterruptedException | RuntimeException | Error e) {
        metrics.fail(model, operation, e);
        throw e;
      }
      metrics.read(model, operation, usage.apply(result), System.nanoTime() - began);
      if (caller != null) {
        caller.pay(usage.apply(result));
      }
      return result;
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

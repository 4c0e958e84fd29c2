package dev.nearside.serve;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.Embeddings;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelFacts.Ability;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.ModelManager;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.Timings;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.UnknownModelException;
import dev.nearside.chat.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One model, {@code fake:1b}, whose replies a test writes. It counts what is asked of it. */
public final class ScriptedModels implements ModelManager {
  public static final String NAME = "fake:1b";

  public final AtomicInteger leases = new AtomicInteger();
  public final AtomicInteger running = new AtomicInteger();
  public final AtomicInteger cancelled = new AtomicInteger();
  public final List<ChatRequest> chats = new CopyOnWriteArrayList<>();
  public final List<CompletionRequest> completions = new CopyOnWriteArrayList<>();
  public final List<EmbeddingRequest> embeddings = new CopyOnWriteArrayList<>();
  public final List<String> loads = new CopyOnWriteArrayList<>();

  public volatile Set<Ability> abilities =
      EnumSet.of(Ability.CHAT, Ability.COMPLETION, Ability.TOOLS, Ability.THINKING);
  public volatile ChatBackend script =
      (request, sink) -> {
        send(sink, new ChatEvent.Text("Hello"));
        send(sink, new ChatEvent.Text(" there"));
        return end(FinishReason.STOP);
      };

  /** An end with 7 tokens of prompt, 3 of them cached, and 5 of reply. */
  public static Finished end(FinishReason reason) {
    return new Finished(reason, new Usage(7, 3, 5), new Timings(2_000_000, 3_000_000, 8_000_000));
  }

  /** Gives an event to a sink; one that is closed ends the reply as a backend ends it. */
  public static void send(ChatSink sink, ChatEvent event) {
    try {
      sink.accept(event);
    } catch (SinkClosedException e) {
      throw new GoneException(e);
    }
  }

  static final class GoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GoneException(Throwable cause) {
      super(cause);
    }
  }

  /** Answers with nothing until a test says what. */
  public ScriptedModels() {}

  @Override
  public ModelLease acquire(String name, @Nullable Duration keepAlive) {
    check(name);
    loads.add(name + " " + keepAlive);
    leases.incrementAndGet();
    return new Lease();
  }

  private static void check(String name) {
    if (!name.equals(NAME)) {
      throw new UnknownModelException(Fault.of("there is no such model").got(name));
    }
  }

  @Override
  public List<LoadedModelState> loaded() {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    return List.of(new LoadedModelState(facts(), 100, 20, leases.get(), now, now));
  }

  @Override
  public boolean unload(String name) {
    loads.add("unload " + name);
    return name.equals(NAME);
  }

  ModelFacts facts() {
    return new ModelFacts(NAME, "llama", 1_000_000, "Q8_0", 4096, 64, "{{ messages }}", abilities);
  }

  private Finished run(ChatRequest request, ChatSink sink) throws InterruptedException {
    running.incrementAndGet();
    try {
      return script.chat(request, sink);
    } catch (InterruptedException e) {
      cancelled.incrementAndGet();
      throw e;
    } catch (GoneException e) {
      cancelled.incrementAndGet();
      return end(FinishReason.CANCELLED);
    } finally {
      running.decrementAndGet();
    }
  }

  private final class Lease implements ModelLease {
    @Override
    public ModelFacts facts() {
      return ScriptedModels.this.facts();
    }

    @Override
    public ChatBackend chats() {
      return (request, sink) -> {
        chats.add(request);
        return run(request, sink);
      };
    }

    @Override
    public CompletionBackend completions() {
      return (request, sink) -> {
        completions.add(request);
        return run(ChatRequest.ofUser("completion").withGeneration(request.generation()), sink);
      };
    }

    @Override
    public EmbeddingBackend embeddings() {
      return request -> {
        embeddings.add(request);
        List<float[]> vectors =
            request.inputs().stream().map(input -> new float[] {0.6f, -0.8f}).toList();
        return new Embeddings(vectors, 2, new Usage(4 * vectors.size(), 0, 0));
      };
    }

    @Override
    public TokenService tokens() {
      return new CharTokens();
    }

    @Override
    public void close() {
      leases.decrementAndGet();
    }
  }

  /** A token for each character. */
  private static final class CharTokens implements TokenService {
    @Override
    public int[] tokenize(String text, boolean parseSpecial, boolean addSpecial) {
      return text.chars().toArray();
    }

    @Override
    public String detokenize(int[] ids) {
      return new String(ids, 0, ids.length);
    }

    @Override
    public byte[] bytes(int id) {
      return new byte[] {(byte) id};
    }

    @Override
    public String render(ChatRequest request) {
      StringBuilder out = new StringBuilder();
      request
          .messages()
          .forEach(
              m -> out.append('<').append(m.role().wireName()).append('>').append(m.content()));
      return out.toString();
    }

    @Override
    public int count(ChatRequest request) {
      return render(request).length();
    }
  }
}

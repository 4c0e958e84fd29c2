package dev.nearside.serve.fake;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelFacts.Ability;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.ModelManager;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.UnknownModelException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Two models: {@code fake:1b} chats, {@code base:1b} has no template. It counts leases. */
public final class FakeModels implements ModelManager {
  public static final String CHAT = "fake:1b";
  public static final String BASE = "base:1b";

  public final FakeBackend backend = new FakeBackend();
  public final AtomicInteger leases = new AtomicInteger();
  public final List<String> keepAlives = new CopyOnWriteArrayList<>();

  @Override
  public ModelLease acquire(String name, @Nullable Duration keepAlive) {
    if (!Set.of(CHAT, BASE).contains(name)) {
      throw new UnknownModelException(Fault.of("no model has this name").got(name));
    }
    keepAlives.add(String.valueOf(keepAlive));
    leases.incrementAndGet();
    return new Lease(facts(name));
  }

  private static ModelFacts facts(String name) {
    boolean isChat = name.equals(CHAT);
    Set<Ability> abilities =
        isChat
            ? EnumSet.of(Ability.CHAT, Ability.COMPLETION, Ability.TOOLS, Ability.INFILL)
            : EnumSet.of(Ability.COMPLETION);
    return new ModelFacts(
        name, "llama", 1_000_000, "Q8_0", 4096, 64, isChat ? "{{ messages }}" : null, abilities);
  }

  @Override
  public List<LoadedModelState> loaded() {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    return List.of(new LoadedModelState(facts(CHAT), 100, 20, leases.get(), now, null));
  }

  @Override
  public boolean unload(String name) {
    return name.equals(CHAT);
  }

  private final class Lease implements ModelLease {
    private final ModelFacts facts;

    Lease(ModelFacts facts) {
      this.facts = facts;
    }

    @Override
    public ModelFacts facts() {
      return facts;
    }

    @Override
    public ChatBackend chats() {
      if (!facts.can(Ability.CHAT)) {
        return (request, sink) -> {
          throw new ChatException(
              Fault.of("the model has no chat template").hint("Use /v1/completions."));
        };
      }
      return backend;
    }

    @Override
    public CompletionBackend completions() {
      return backend;
    }

    @Override
    public EmbeddingBackend embeddings() {
      return new FakeReader();
    }

    @Override
    public RerankBackend reranks() {
      return new FakeReader();
    }

    @Override
    public TokenService tokens() {
      return backend;
    }

    @Override
    public void close() {
      leases.decrementAndGet();
    }
  }
}

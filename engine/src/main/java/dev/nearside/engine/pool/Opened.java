package dev.nearside.engine.pool;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.CompletionBackend;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelFacts.Ability;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.TokenService;
import dev.nearside.engine.EngineStats;
import dev.nearside.engine.LocalEncoder;
import dev.nearside.engine.LocalEngine;
import dev.nearside.engine.prompt.ChatTemplate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A model that is open. What it can't do throws {@link ChatException}. */
sealed interface Opened extends AutoCloseable {
  /** Opens a model for what it was made for: to write, or to read. */
  static Opened of(ModelSource.Found found) {
    return LocalEncoder.isFor(found.path())
        ? new Reader(LocalEncoder.open(found.path(), found.options()))
        : new Writer(LocalEngine.open(found.path(), found.options()));
  }

  ModelFacts facts(ModelSource.Found found);

  /** Gets ready to answer the first request as quickly as later ones. */
  default void warmUp() {}

  ChatBackend chats();

  CompletionBackend completions();

  EmbeddingBackend embeddings();

  RerankBackend reranks();

  TokenService tokens();

  long weightBytes();

  /** Bytes of keys and values now. */
  long kvBytes();

  /** Bytes of keys and values at most. */
  long kvLimitBytes();

  /** Whether it can still answer. */
  boolean isAlive();

  /** The counters of the engine, where there is one. */
  default Optional<EngineStats> stats() {
    return Optional.empty();
  }

  @Override
  void close();

  private static ChatException unable(String what, String hint) {
    return new ChatException(Fault.of(what).hint(hint));
  }

  /** A model that generates text. */
  record Writer(LocalEngine engine) implements Opened {
    @Override
    public ModelFacts facts(ModelSource.Found found) {
      return new ModelFacts(
          found.name(),
          engine.model().architecture(),
          engine.model().parameters(),
          found.quantization(),
          engine.contextLength(),
          engine.model().hidden(),
          engine.template().map(ChatTemplate::source).orElse(null),
          abilities());
    }

    @Override
    public void warmUp() {
      engine.warmUp();
    }

    private Set<Ability> abilities() {
      Set<Ability> out = EnumSet.of(Ability.COMPLETION);
      engine
          .template()
          .ifPresent(template -> {
            out.add(Ability.CHAT);
            out.add(Ability.TOOLS); // in the template's way, or in words
            if (template.mentions("enable_thinking") || template.source().contains("<think>")) {
              out.add(Ability.THINKING);
            }
          });
      if (engine.canInfill()) {
        out.add(Ability.INFILL);
      }
      return out;
    }

    @Override
    public ChatBackend chats() {
      return engine;
    }

    @Override
    public CompletionBackend completions() {
      return engine;
    }

    @Override
    public EmbeddingBackend embeddings() {
      throw unable("the model makes no embeddings", "Take an embedding model, such as all-minilm.");
    }

    @Override
    public RerankBackend reranks() {
      throw unable(
          "the model can't judge documents", "Take a reranker, such as bge-reranker-v2-m3.");
    }

    @Override
    public TokenService tokens() {
      return engine.tokens();
    }

    @Override
    public long weightBytes() {
      return engine.weightBytes();
    }

    @Override
    public long kvBytes() {
      return engine.kvBytes();
    }

    @Override
    public long kvLimitBytes() {
      return engine.kvLimitBytes();
    }

    @Override
    public boolean isAlive() {
      return engine.isAlive();
    }

    @Override
    public Optional<EngineStats> stats() {
      return Optional.of(engine.stats());
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  /** A model that embeds texts or judges documents. */
  record Reader(LocalEncoder encoder) implements Opened {
    @Override
    public ModelFacts facts(ModelSource.Found found) {
      return new ModelFacts(
          found.name(),
          encoder.model().architecture(),
          encoder.model().parameters(),
          found.quantization(),
          encoder.contextLength(),
          encoder.model().hidden(),
          null,
          encoder.canRerank() ? EnumSet.of(Ability.RERANK) : EnumSet.of(Ability.EMBEDDING));
    }

    @Override
    public ChatBackend chats() {
      throw silent();
    }

    @Override
    public CompletionBackend completions() {
      throw silent();
    }

    private ChatException silent() {
      return unable(
          "the model writes no text",
          encoder.canRerank() ? "It judges documents: /v1/rerank." : "It embeds: /v1/embeddings.");
    }

    @Override
    public EmbeddingBackend embeddings() {
      return encoder;
    }

    @Override
    public RerankBackend reranks() {
      return encoder;
    }

    @Override
    public TokenService tokens() {
      return encoder.tokens();
    }

    @Override
    public long weightBytes() {
      return encoder.model().weightBytes();
    }

    @Override
    public long kvBytes() {
      return 0; // an encoder reads a text at once and keeps nothing of it
    }

    @Override
    public long kvLimitBytes() {
      return 0;
    }

    @Override
    public boolean isAlive() {
      return encoder.isAlive();
    }

    @Override
    public void close() {
      encoder.close();
    }
  }
}

package dev.nearside.chat;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Models with what each brings along.
 *
 * @param presets by the name that a model is asked for by
 */
public record PresetModels(ModelManager models, Function<String, Preset> presets)
    implements ModelManager {
  @Override
  public ModelLease acquire(String name, @Nullable Duration keepAlive) throws InterruptedException {
    ModelLease lease = models.acquire(name, keepAlive);
    try {
      Preset preset = presets.apply(name);
      return preset.equals(Preset.NONE) ? lease : new PresetLease(lease, preset);
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  @Override
  public List<LoadedModelState> loaded() {
    return models.loaded();
  }

  @Override
  public boolean unload(String name) {
    return models.unload(name);
  }

  private record PresetLease(ModelLease lease, Preset preset) implements ModelLease {
    @Override
    public ModelFacts facts() {
      return lease.facts();
    }

    @Override
    public ChatBackend chats() {
      ChatBackend backend = lease.chats();
      return (request, sink) -> backend.chat(preset.fill(request), sink);
    }

    @Override
    public CompletionBackend completions() {
      CompletionBackend backend = lease.completions();
      return (request, sink) -> backend.complete(preset.fill(request), sink);
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
      return new PresetTokens(lease.tokens(), preset);
    }

    @Override
    public void close() {
      lease.close();
    }
  }

  /** Counts and shows the prompt that the backend really gets. */
  private record PresetTokens(TokenService tokens, Preset preset) implements TokenService {
    @Override
    public int[] tokenize(String text, boolean parseSpecial, boolean addSpecial) {
      return tokens.tokenize(text, parseSpecial, addSpecial);
    }

    @Override
    public String detokenize(int[] ids) {
      return tokens.detokenize(ids);
    }

    @Override
    public byte[] bytes(int id) {
      return tokens.bytes(id);
    }

    @Override
    public String render(ChatRequest request) {
      return tokens.render(preset.fill(request));
    }

    @Override
    public int count(ChatRequest request) {
      return tokens.count(preset.fill(request));
    }
  }
}

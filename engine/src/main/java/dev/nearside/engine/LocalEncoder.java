package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.Embeddings;
import dev.nearside.chat.Ranking;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.RerankRequest;
import dev.nearside.chat.TokenService;
import dev.nearside.chat.Usage;
import dev.nearside.engine.encode.EncoderLoop;
import dev.nearside.engine.encode.InputFrames;
import dev.nearside.engine.encode.Vectors;
import dev.nearside.engine.power.EnginePace;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.model.Compute;
import dev.nearside.model.EncoderInfo;
import dev.nearside.model.EncoderInput;
import dev.nearside.model.EncoderModel;
import dev.nearside.model.Encoders;
import dev.nearside.model.LoadOptions;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.ModelInfo;
import dev.nearside.model.Pooling;
import dev.nearside.tensor.TensorType;
import dev.nearside.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model on this machine that turns texts into vectors or judges documents: an encoder such as bge
 * or all-MiniLM, a cross-encoder such as bge-reranker, or a decoder whose last states are read,
 * such as Qwen3-Embedding. Many threads may call it at once; their texts are computed together.
 */
public final class LocalEncoder implements EmbeddingBackend, RerankBackend, AutoCloseable {
  private static final String RERANK_TEMPLATE = "tokenizer.chat_template.rerank";

  private final EncoderLoop loop;
  private final Compute compute;
  private final EnginePace pace;
  private final ModelInfo model;
  private final EncoderInfo info;
  private final Pooling pooling;
  private final Metadata metadata;
  private final Tokenizer tokenizer;
  private final InputFrames frames;

  private LocalEncoder(
      EncoderModel model,
      Compute compute,
      EnginePace pace,
      ModelBundle bundle,
      EngineOptions options,
      @Nullable Pooling asked) {
    this.model = model.info();
    this.info = model.encoder();
    this.compute = compute;
    this.pace = pace;
    this.pooling = asked == null ? info.pooling() : asked;
    this.metadata = bundle.tensors().metadata();
    this.tokenizer = bundle.tokenizer();
    this.frames =
        new InputFrames(
            tokenizer,
            contextLength(options.contextLength(), info),
            metadata.findString(RERANK_TEMPLATE).orElse(null));
    this.loop = new EncoderLoop(model, options.maxBatch());
  }

  /** Opens a GGUF file or a folder of safetensors with what suits most uses. */
  public static LocalEncoder open(Path path) {
    return open(path, EngineOptions.DEFAULTS);
  }

  /** As {@link #open(Path, EngineOptions, Pooling)}, with the model's own pooling. */
  public static LocalEncoder open(Path path, EngineOptions options) {
    return open(path, options, null);
  }

  /**
   * Opens a GGUF file or a folder of safetensors. Of {@code options} the context length (a limit on
   * texts), threads, kernels, batch and power are used.
   *
   * @param pooling how the states of a text become one vector; null = as the model was trained, or
   *     the mean where it does not say
   * @throws dev.nearside.base.NearsideException when the model is broken or not supported
   */
  public static LocalEncoder open(Path path, EngineOptions options, @Nullable Pooling pooling) {
    TensorFile tensors = ModelFiles.open(path);
    Compute compute = EngineAssembly.startEncoderCompute(tensors, options);
    ModelBundle bundle = EngineAssembly.bundle(tensors, path, compute);
    EnginePace pace = new EnginePace(options.power());
    EncoderModel model;
    try {
      LoadOptions load =
          new LoadOptions(options.contextLength(), options.maxBatch(), TensorType.F16);
      model = Encoders.load(tensors, compute.withPace(pace), load);
    } catch (RuntimeException | Error e) {
      compute.close();
      throw e;
    }
    try {
      bundle.checkVocabulary(model.info());
      return new LocalEncoder(model, compute, pace, bundle, options, pooling);
    } catch (RuntimeException | Error e) {
      model.close();
      compute.close();
      throw e;
    }
  }

  private static int contextLength(int asked, EncoderInfo info) {
    if (asked > info.maxTokens()) {
      throw new ChatException(
          Fault.of("the context is longer than the model was trained for")
              .got(asked)
              .expected("at most " + info.maxTokens())
              .hint("Use a smaller --ctx."));
    }
    return asked > 0 ? asked : info.maxTokens();
  }

  /** Whether the model at {@code path} was made to embed or to rank: then this class opens it. */
  public static boolean isFor(Path path) {
    return poolingOf(path).isPresent();
  }

  /** How the model at {@code path} was made to embed or to rank; empty for one that writes. */
  public static Optional<Pooling> poolingOf(Path path) {
    try (TensorFile tensors = ModelFiles.open(path)) {
      // A folder tells under GGUF's names once it is read as a model.
      TensorFile named =
          Files.isDirectory(path) ? ModelBundle.of(tensors, path).tensors() : tensors;
      return Encoders.isForVectors(named)
          ? Optional.of(Encoders.describe(named).pooling())
          : Optional.empty();
    }
  }

  /** Text to tokens and back. */
  public TokenService tokens() {
    return new Prompts(tokenizer, null);
  }

  public ModelInfo model() {
    return model;
  }

  public EncoderInfo info() {
    return info;
  }

  /** How the states of a text become one vector. */
  public Pooling pooling() {
    return pooling;
  }

  public Metadata metadata() {
    return metadata;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Tokens of one text at most. */
  public int contextLength() {
    return frames.maxTokens();
  }

  /** Whether it can judge documents. */
  public boolean canRerank() {
    return info.labels() == 1 || (info.labels() == 2 && !info.isEncoderOnly());
  }

  @Override
  public Embeddings embed(EmbeddingRequest request) throws InterruptedException {
    if (pooling == Pooling.RANK) {
      throw new ChatException(
          Fault.of("the model judges pairs of texts and makes no vectors")
              .hint("Use 'nearside rerank', or name a pooling."));
    }
    int hidden = info.hidden();
    if (request.dimensions() > hidden) {
      throw new ChatException(
          Fault.of("the model's vectors have fewer dimensions")
              .got(request.dimensions())
              .expected("at most " + hidden));
    }
    int dimensions = request.dimensions() == 0 ? hidden : request.dimensions();
    List<EncoderInput> inputs = new ArrayList<>(request.inputs().size());
    for (EmbeddingInput input : request.inputs()) {
      String where = "input " + (inputs.size() + 1);
      inputs.add(
          switch (input) {
            case EmbeddingInput.Text text ->
                frames.text(request.prefix() + text.text(), request.isTruncated(), where);
            case EmbeddingInput.Tokens tokens ->
                frames.tokens(tokens.ids(), request.isTruncated(), where);
          });
    }
    List<float[]> vectors =
        loop.encode(inputs, pooling).stream()
            .map(rows -> Vectors.finish(rows, hidden, dimensions, request.isNormalised()))
            .toList();
    return new Embeddings(vectors, dimensions, usage(inputs));
  }

  @Override
  public Ranking rerank(RerankRequest request) throws InterruptedException {
    if (!canRerank()) {
      throw new ChatException(
          Fault.of("the model can't judge documents")
              .got(info.labels() == 0 ? "no classification head" : info.labels() + " labels")
              .hint("Use a reranker, such as bge-reranker-v2-m3."));
    }
    List<EncoderInput> inputs = new ArrayList<>(request.documents().size());
    for (String document : request.documents()) {
      String where = "document " + (inputs.size() + 1) + " with the query";
      inputs.add(frames.pair(request.query(), document, request.isTruncated(), where));
    }
    List<float[]> results = loop.encode(inputs, Pooling.RANK);
    float[] scores = new float[results.size()];
    for (int i = 0; i < scores.length; i++) {
      float[] labels = results.get(i);
      // Two labels are "yes" and "no": their softmax is the sigmoid of the difference.
      float raw = labels.length == 1 ? labels[0] : labels[0] - labels[1];
      scores[i] = request.isRaw() ? raw : Vectors.sigmoid(raw);
    }
    return new Ranking(scores, usage(inputs));
  }

  private static Usage usage(List<EncoderInput> inputs) {
    int tokens = inputs.stream().mapToInt(EncoderInput::length).reduce(0, Math::addExact);
    return new Usage(tokens, 0, 0);
  }

  /** Whether it can still answer: an error may have ended its thread. */
  public boolean isAlive() {
    return loop.isAlive();
  }

  @Override
  public void close() {
    pace.hurry();
    try {
      loop.close();
    } finally {
      compute.close();
    }
  }
}

package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.arch.Architecture;
import dev.nearside.model.arch.Architectures;
import dev.nearside.model.kv.KvStore;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.GrowingWorkspace;
import dev.nearside.model.layer.Workspace;
import dev.nearside.model.load.AdapterPairs;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.PackedCache;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.Kernels;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** Loads models. */
public final class Models {
  private Models() {}

  /**
   * Loads the model in {@code file}, whose tensors have GGUF's names, and takes the file over: it
   * is closed with the model, or at once when loading fails.
   *
   * @throws ModelException when the architecture is not supported, or a number or a tensor is
   *     missing or wrong
   * @throws dev.nearside.format.FormatException when metadata has the wrong type
   */
  public static LanguageModel load(TensorFile file, Compute compute, LoadOptions options) {
    Arena arena = Arena.ofShared();
    try {
      return build(file, compute, options, arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      file.close();
      throw e;
    }
  }

  /**
   * What the model in {@code file} is. Everything that loading would refuse is refused: numbers,
   * and the names, shapes and types of tensors. But of the weights nothing is read except norms and
   * biases. The file stays the caller's.
   *
   * @throws ModelException as {@link #load}
   * @throws dev.nearside.format.FormatException when metadata has the wrong type
   */
  public static ModelInfo inspect(TensorFile file) {
    try (Arena arena = Arena.ofConfined()) {
      Architecture architecture = architecture(file);
      Hyperparameters h = new Hyperparameters(file.metadata());
      Decoder decoder = architecture.build(h, Weights.unread(file, arena), h.contextLength());
      workspaceShape(h, decoder); // for its checks
      return describe(file, h, decoder, LoadOptions.DEFAULTS);
    }
  }

  /**
   * Checks that {@code adapter} is a LoRA adapter for the model in {@code file}: everything that
   * loading it would refuse is refused, and no weights are read. The files stay the caller's.
   *
   * @throws ModelException when it is none, or is for another model
   * @throws dev.nearside.format.FormatException when metadata has the wrong type
   */
  public static void checkAdapter(TensorFile file, TensorFile adapter) {
    try (Arena arena = Arena.ofConfined()) {
      Architecture architecture = architecture(file);
      Hyperparameters h = new Hyperparameters(file.metadata());
      Weights weights = Weights.unread(file, arena);
      Decoder decoder = architecture.build(h, weights, h.contextLength());
      AdapterPairs.of(adapter, h.architecture())
          .checkAgainst(
              weights.places(), decoder.embedding().vocab(), decoder.embedding().hidden());
    }
  }

  /** As {@link #checkAdapter(TensorFile, TensorFile)}, for whatever model it may be. */
  public static void checkAdapter(TensorFile adapter) {
    AdapterPairs.of(adapter, null);
  }

  private static LanguageModel build(
      TensorFile file, Compute compute, LoadOptions options, Arena arena) {
    Kernels kernels = compute.kernels();
    Architecture architecture = architecture(file);
    PackedCache cache = PackedCache.open(options.packed(), kernels, file).orElse(null);
    try {
      return build(file, compute, options, arena, architecture, cache);
    } catch (RuntimeException | Error e) {
      if (cache != null) {
        cache.close();
      }
      throw e;
    }
  }

  private static LanguageModel build(
      TensorFile file,
      Compute compute,
      LoadOptions options,
      Arena arena,
      Architecture architecture,
      @Nullable PackedCache cache) {
    Kernels kernels = compute.kernels();
    Hyperparameters h = new Hyperparameters(file.metadata());
    Weights weights = new Weights(file, kernels, arena, cache);
    int context = options.contextLength() > 0 ? options.contextLength() : h.contextLength();
    Decoder decoder = architecture.build(h, weights, context);
    if (cache != null) {
      cache.keep();
    }
    KvStore.checkType(DecoderModel.kvShapes(decoder), options.kvType());
    Workspace.Shape shape = workspaceShape(h, decoder);
    decoder.blocks().forEach(block -> kernels.expect(block.attention().spec(), options.kvType()));
    ModelInfo info = describe(file, h, decoder, options);
    GrowingWorkspace workspace = new GrowingWorkspace(kernels, options.maxBatch(), shape);
    return new DecoderModel(
        info, decoder, compute, options, workspace, weights.places(), closing(arena, cache, file));
  }

  // The weights first: some lie in mapped files.
  private static AutoCloseable closing(Arena arena, @Nullable PackedCache cache, TensorFile file) {
    return () -> {
      if (cache != null) {
        cache.finish();
      }
      arena.close();
      if (cache != null) {
        cache.close();
      }
      file.close();
    };
  }

  private static Architecture architecture(TensorFile file) {
    return Architectures.of(
        file.metadata()
            .findString("general.architecture")
            .orElseThrow(() ->
                new ModelException(
                    Fault.of("metadata key is missing").expected("general.architecture"))));
  }

  static Workspace.Shape workspaceShape(Hyperparameters h, Decoder decoder) {
    int experts = h.optional("expert_count", 0, 4096).orElse(0);
    return DecoderModel.workspaceShape(decoder, widestFfn(h), experts);
  }

  private static int widestFfn(Hyperparameters h) {
    int widest = h.optional("expert_feed_forward_length", 1, 1 << 20).orElse(1);
    if (h.metadata().has(h.key("feed_forward_length"))) {
      for (int i = 0; i < h.layers(); i++) {
        widest = Math.max(widest, h.ffn(i));
      }
    }
    return widest;
  }

  static ModelInfo describe(
      TensorFile file, Hyperparameters h, Decoder decoder, LoadOptions options) {
    long kvPerToken = 0;
    for (KvStore.Shape s : DecoderModel.kvShapes(decoder)) {
      kvPerToken += 2 * options.kvType().bytes((long) s.kvHeads() * s.headDim());
    }
    return new ModelInfo(
        h.architecture(),
        decoder.head().rows(),
        h.contextLength(),
        h.layers(),
        h.hidden(),
        kvPerToken,
        file.tensors().stream().mapToLong(TensorInfo::elems).sum(),
        decoder.bytes());
  }
}

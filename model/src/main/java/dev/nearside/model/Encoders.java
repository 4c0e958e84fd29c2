package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.arch.Architectures;
import dev.nearside.model.arch.EncoderArchitecture;
import dev.nearside.model.arch.EncoderArchitectures;
import dev.nearside.model.layer.ClassificationHead;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Encoder;
import dev.nearside.model.layer.EncoderWorkspace;
import dev.nearside.model.layer.GrowingWorkspace;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.Activation;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loads models that turn texts into vectors: encoders, and decoders whose states are read. */
public final class Encoders {
  private Encoders() {}

  /** Whether the model in {@code file} is an encoder, which can't generate. */
  public static boolean isEncoderOnly(TensorFile file) {
    return architecture(file).isPresent();
  }

  /** Whether the model in {@code file} was made to embed or to rank: it is read, not to write. */
  public static boolean isForVectors(TensorFile file) {
    return isEncoderOnly(file) || pooling(file).filter(p -> p != Pooling.NONE).isPresent();
  }

  /** The pooling that the model's metadata names; empty for most that were not made to embed. */
  public static Optional<Pooling> pooling(TensorFile file) {
    String architecture = file.metadata().string("general.architecture");
    String key = architecture + ".pooling_type";
    return file.metadata()
        .findInt32(key)
        .map(number ->
            Pooling.numbered(number)
                .orElseThrow(() ->
                    new ModelException(
                        Fault.of("metadata value makes no sense")
                            .got(number)
                            .expected("0 to 4")
                            .where("metadata key " + key))));
  }

  /**
   * Loads the model in {@code file}, whose tensors have GGUF's names, and takes the file over: it
   * is closed with the model, or at once when loading fails.
   *
   * @throws ModelException when the architecture is not supported, or a number or a tensor is
   *     missing or wrong
   * @throws dev.nearside.format.FormatException when metadata has the wrong type
   */
  public static EncoderModel load(TensorFile file, Compute compute, LoadOptions options) {
    Arena arena = Arena.ofShared();
    try {
      Hyperparameters h = new Hyperparameters(file.metadata());
      Opened opened = new Opened(file, h, compute, options, arena);
      Weights weights = new Weights(file, compute.kernels(), arena);
      Optional<EncoderArchitecture> architecture = architecture(file);
      return architecture.isPresent()
          ? encoder(opened, architecture.get().build(h, weights))
          : decoder(opened, weights);
    } catch (RuntimeException | Error e) {
      arena.close();
      file.close();
      throw e;
    }
  }

  /** What a model is built from, and closed with. */
  private record Opened(
      TensorFile file, Hyperparameters h, Compute compute, LoadOptions options, Arena arena) {
    void close() {
      arena.close();
      file.close();
    }
  }

  /**
   * What the encoder in {@code file} is, looked at as closely as {@link Models#inspect} looks at
   * other models. The file stays the caller's.
   *
   * @throws ModelException as {@link #load}
   */
  public static ModelInfo inspect(TensorFile file) {
    try (Arena arena = Arena.ofConfined()) {
      Hyperparameters h = new Hyperparameters(file.metadata());
      Encoder encoder = architecture(file).orElseThrow().build(h, Weights.unread(file, arena));
      pooling(file); // for its check
      return describe(file, h, encoder);
    }
  }

  /** What inspection can tell about the use of the model in {@code file} for embedding. */
  public static EncoderInfo describe(TensorFile file) {
    Hyperparameters h = new Hyperparameters(file.metadata());
    int labels =
        file.find("cls.output.weight")
            .or(() -> file.find("cls.weight"))
            .map(info -> Math.toIntExact(info.rows()))
            .orElse(0);
    return info(file, h, labels);
  }

  private static EncoderModel encoder(Opened o, Encoder encoder) {
    PooledStates pooled = new PooledStates(o.h.hidden(), encoder.head(), headPooling(o.h));
    return new BidirectionalModel(
        describe(o.file, o.h, encoder),
        info(o.file, o.h, pooled.labels()),
        encoder,
        pooled,
        o.compute,
        new EncoderWorkspace(o.compute.kernels(), o.arena, o.options.maxBatch(), shape(o.h)),
        o::close);
  }

  private static EncoderWorkspace.Shape shape(Hyperparameters h) {
    int heads = 0;
    int ffn = 0;
    for (int i = 0; i < h.layers(); i++) {
      heads = Math.max(heads, h.heads(i));
      ffn = Math.max(ffn, h.ffn(i));
    }
    return new EncoderWorkspace.Shape(h.hidden(), heads * h.headDim(), ffn);
  }

  // What a head reads: llama.cpp's rule, except where a folder's configuration says it.
  private static Pooling headPooling(Hyperparameters h) {
    return h.metadata()
        .findString(h.key("classifier_pooling"))
        .map(Pooling::named)
        .orElse(h.architecture().equals("modern-bert") ? Pooling.MEAN : Pooling.CLS);
  }

  private static EncoderModel decoder(Opened o, Weights weights) {
    LoadOptions options = o.options;
    int context = options.contextLength() > 0 ? options.contextLength() : o.h.contextLength();
    Decoder decoder = Architectures.of(o.h.architecture()).build(o.h, weights, context);
    GrowingWorkspace workspace =
        new GrowingWorkspace(
            o.compute.kernels(), options.maxBatch(), Models.workspaceShape(o.h, decoder));
    ClassificationHead head = decoderHead(o.h, weights);
    PooledStates pooled = new PooledStates(o.h.hidden(), head, Pooling.LAST);
    return new CausalEncoder(
        Models.describe(o.file, o.h, decoder, options),
        info(o.file, o.h, pooled.labels()),
        decoder,
        pooled,
        o.compute,
        workspace,
        options,
        o::close);
  }

  private static @Nullable ClassificationHead decoderHead(Hyperparameters h, Weights w) {
    String name = "cls.output";
    return w.has(name)
        ? new ClassificationHead(
            null, Activation.TANH, null, w.linear(name, w.rows(name), h.hidden()))
        : null;
  }

  private static EncoderInfo info(TensorFile file, Hyperparameters h, int labels) {
    Pooling pooling = pooling(file).orElse(labels > 0 ? Pooling.RANK : Pooling.MEAN);
    return new EncoderInfo(
        pooling, h.contextLength(), h.hidden(), labels, architecture(file).isPresent());
  }

  private static ModelInfo describe(TensorFile file, Hyperparameters h, Encoder encoder) {
    return new ModelInfo(
        h.architecture(),
        encoder.embedding().tokens().vocab(),
        h.contextLength(),
        h.layers(),
        h.hidden(),
        0,
        file.tensors().stream().mapToLong(TensorInfo::elems).sum(),
        encoder.bytes());
  }

  private static Optional<EncoderArchitecture> architecture(TensorFile file) {
    return file.metadata().findString("general.architecture").flatMap(EncoderArchitectures::find);
  }
}

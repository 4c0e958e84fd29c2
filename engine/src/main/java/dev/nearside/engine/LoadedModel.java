package dev.nearside.engine;

import dev.nearside.engine.power.EnginePace;
import dev.nearside.format.Metadata;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.LoadOptions;
import dev.nearside.model.Models;
import dev.nearside.model.Numerics;
import dev.nearside.tensor.TensorType;
import dev.nearside.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * A model with its tokenizer, to be computed on directly and by one thread: for measuring, where
 * {@link LocalEngine}'s queue, sampler and templates would only stand in the way.
 */
public final class LoadedModel implements AutoCloseable {
  private final LanguageModel model;
  private final Compute compute;
  private final Numerics numerics;
  private final Tokenizer tokenizer;
  private final Metadata metadata;

  private LoadedModel(
      LanguageModel model,
      Compute compute,
      Numerics numerics,
      Tokenizer tokenizer,
      Metadata metadata) {
    this.model = model;
    this.compute = compute;
    this.numerics = numerics;
    this.tokenizer = tokenizer;
    this.metadata = metadata;
  }

  /**
   * Opens a GGUF file or a folder of safetensors. Of {@code options} the context length, threads,
   * kernels, batch, type of keys and values, numerics and power are used.
   *
   * @throws dev.nearside.base.NearsideException when the model is broken or not supported
   */
  public static LoadedModel open(Path path, EngineOptions options) {
    return open(path, options, false);
  }

  /**
   * As {@link #open(Path, EngineOptions)}.
   *
   * @param isKvF32 whether keys and values stay float32, to compare with an engine that rounds
   *     nothing
   */
  public static LoadedModel open(Path path, EngineOptions options, boolean isKvF32) {
    ModelBundle bundle = ModelBundle.open(path);
    Compute compute;
    try {
      compute =
          Compute.create(options.kernels(), options.threads())
              .withPace(new EnginePace(options.power()));
    } catch (RuntimeException e) {
      bundle.tensors().close();
      throw e;
    }
    try {
      TensorType kvType = isKvF32 ? TensorType.F32 : options.kvType().tensorType();
      LoadOptions load = new LoadOptions(options.contextLength(), options.maxBatch(), kvType);
      LanguageModel model = Models.load(bundle.tensors(), compute, load);
      return new LoadedModel(
          model,
          compute,
          compute.numerics(options.numerics()),
          bundle.tokenizer(),
          bundle.tensors().metadata());
    } catch (RuntimeException e) {
      compute.close();
      throw e;
    }
  }

  public LanguageModel model() {
    return model;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public Metadata metadata() {
    return metadata;
  }

  /** The name of the kernels: {@code vector}, {@code scalar}, … */
  public String kernels() {
    return compute.name();
  }

  /** Why these kernels were chosen. */
  public String kernelsReason() {
    return compute.reason();
  }

  /** The arithmetic of prompts. */
  public Numerics numerics() {
    return numerics;
  }

  /** Threads that compute. */
  public int threads() {
    return compute.threads();
  }

  @Override
  public void close() {
    try {
      model.close();
    } finally {
      compute.close();
    }
  }
}

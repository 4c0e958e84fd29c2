package dev.nearside.engine;

import dev.nearside.base.Machine;
import dev.nearside.base.Soon;
import dev.nearside.engine.cache.KvFolder;
import dev.nearside.engine.power.EnginePace;
import dev.nearside.engine.schedule.EngineLoop;
import dev.nearside.engine.speculate.DraftModel;
import dev.nearside.engine.speculate.Speculator;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.LoadOptions;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.Models;
import dev.nearside.model.Originals;
import dev.nearside.model.load.PackedPlace;
import dev.nearside.tensor.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts model, kernels, pace and loop together. */
record EngineAssembly(EngineLoop loop, LanguageModel model) {
  /** Chooses the kernels, for a quick first answer. */
  static Compute startCompute(TensorFile tensors, EngineOptions options) {
    try {
      Stream<TensorType> adapters =
          options.adapters().isEmpty()
              ? Stream.of()
              : Stream.of(TensorType.F32, TensorType.F16); // mostly; others are compiled on the way
      List<TensorType> types =
          Stream.of(types(tensors).stream(), adapters, draftTypes(options.serving()))
              .flatMap(all -> all)
              .distinct()
              .toList();
      return Compute.createStarting(
          options.kernels(), options.threads(), types, options.kvType().tensorType());
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  /** The same for {@link LocalEncoder}. */
  static Compute startEncoderCompute(TensorFile tensors, EngineOptions options) {
    try {
      return Compute.createStartingEncoder(options.kernels(), options.threads(), types(tensors));
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  private static Stream<TensorType> draftTypes(ServingOptions serving) {
    if (serving.draft() == null) {
      return Stream.of();
    }
    try (TensorFile draft = ModelFiles.open(serving.draft())) {
      return types(draft).stream();
    }
  }

  private static List<TensorType> types(TensorFile tensors) {
    return tensors.tensors().stream()
        .filter(info -> info.dims() > 1)
        .map(TensorInfo::type)
        .distinct()
        .toList();
  }

  static ModelBundle bundle(TensorFile tensors, Path path, Compute compute) {
    try {
      return ModelBundle.of(tensors, path);
    } catch (RuntimeException e) {
      compute.close();
      throw e;
    }
  }

  /**
   * Loads the model, and puts all together.
   *
   * @param text what the model's file says about texts, read meanwhile
   */
  static EngineAssembly of(
      TensorFile tensors, Soon<ModelText> text, Path path, Compute compute, EngineOptions options) {
    EnginePace pace = new EnginePace(options.power());
    Compute paced = compute.withPace(pace);
    LanguageModel model;
    try {
      LoadOptions load =
          new LoadOptions(
              options.contextLength(),
              options.maxBatch(),
              options.kvType().tensorType(),
              place(tensors, path, options));
      model = new OwningModel(Models.load(tensors, paced, load), compute);
    } catch (RuntimeException e) {
      compute.close();
      throw e;
    }
    DraftModel draft = null;
    try {
      ModelBundle bundle = text.get().bundle();
      bundle.checkVocabulary(model.info());
      long memory = Machine.memoryBytes();
      ServingOptions serving = options.serving();
      int context = ContextLimit.choose(options.contextLength(), model.info(), memory);
      int blocks =
          ContextLimit.blocks(context, options.contextLength() > 0, serving, model.info(), memory);
      if (serving.speculates() && serving.draft() != null) {
        draft =
            DraftOpening.open(
                serving.draft(),
                bundle,
                model.info(),
                paced,
                pace::nanos,
                options,
                context,
                blocks);
      }
      EngineLoop.Settings settings =
          new EngineLoop.Settings(
              context,
              Math.clamp(serving.slots(), 1, options.maxBatch()),
              blocks,
              serving.queue(),
              folder(serving.kept(), tensors, path, options),
              serving.speculates() ? new Speculator(draft) : null);
      return new EngineAssembly(new EngineLoop(model, settings, pace), model);
    } catch (RuntimeException | Error e) {
      if (draft != null) {
        draft.close(); // before its kernels
      }
      model.close();
      throw e;
    }
  }

  // A longer context changes the rotation of some models.
  private static @Nullable KvFolder folder(
      ServingOptions.@Nullable Kept kept, TensorFile tensors, Path path, EngineOptions options) {
    if (kept == null) {
      return null;
    }
    String identity =
        String.join(
            "\n",
            ModelIdentity.of(tensors, path),
            "context " + options.contextLength(),
            "keys and values " + options.kvType());
    return new KvFolder(kept.folder(), kept.maxBytes(), identity);
  }

  // A model of several files has none: the place tells one file from another.
  static @Nullable PackedPlace place(TensorFile tensors, Path path, EngineOptions options) {
    boolean isOneFile =
        tensors instanceof GgufFile gguf ? gguf.paths().size() == 1 : Originals.isDropped(path);
    return options.packedFolder() == null || !isOneFile
        ? null
        : PackedPlace.of(options.packedFolder(), path);
  }
}

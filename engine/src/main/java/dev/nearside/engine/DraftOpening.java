package dev.nearside.engine;

import dev.nearside.base.Machine;
import dev.nearside.engine.speculate.DraftModel;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.LoadOptions;
import dev.nearside.model.ModelInfo;
import dev.nearside.model.Models;
import dev.nearside.model.kv.KvStore;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Opens the model that guesses for another one, and computes on the same threads. */
final class DraftOpening {
  private static final int MEMORY_SHARE = 16; // of the machine, for its keys and values
  private static final int BATCH = 128;

  private DraftOpening() {}

  /**
   * @param clock nanoseconds that steps take
   * @param context positions of one sequence
   * @param blocks blocks of keys and values of the target
   * @throws dev.nearside.base.NearsideException when the draft model is broken or not supported; a
   *     {@link DraftMismatchException} when it has another vocabulary
   */
  static DraftModel open(
      Path path,
      ModelBundle target,
      ModelInfo info,
      Compute compute,
      LongSupplier clock,
      EngineOptions options,
      int context,
      int blocks) {
    ModelBundle bundle = ModelBundle.open(path);
    int vocab;
    try {
      vocab = SharedVocabulary.size(target.tokenizer(), bundle.tokenizer());
    } catch (RuntimeException e) {
      bundle.tensors().close();
      throw e;
    }
    LoadOptions load =
        new LoadOptions(
            0,
            BATCH,
            options.kvType().tensorType(),
            EngineAssembly.place(bundle.tensors(), path, options));
    LanguageModel draft = Models.load(bundle.tensors(), compute, load);
    try {
      ModelInfo own = draft.info();
      bundle.checkVocabulary(own);
      long blockBytes = Math.max(1, own.kvBytesPerToken()) * KvStore.BLOCK;
      long fits = Math.max(1, Machine.memoryBytes() / MEMORY_SHARE / blockBytes);
      return new DraftModel(
          draft,
          new DraftModel.Settings(
              Math.min(context, own.contextLength()),
              (int) Math.min(blocks, fits),
              vocab,
              (double) own.weightBytes() / Math.max(1, info.weightBytes())),
          clock);
    } catch (RuntimeException e) {
      draft.close();
      throw e;
    }
  }
}

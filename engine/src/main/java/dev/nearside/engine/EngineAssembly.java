package dev.nearside.engine;

import dev.nearside.base.Machine;
import dev.nearside.engine.schedule.EngineLoop;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.LoadOptions;
import dev.nearside.model.Models;
import dev.nearside.tensor.TensorType;

/** Puts model, kernels and loop together. */
record EngineAssembly(EngineLoop loop, LanguageModel model) {
  static EngineAssembly of(ModelBundle bundle, EngineOptions options) {
    Compute compute = Compute.create(options.kernels(), options.threads());
    LanguageModel model;
    try {
      LoadOptions load =
          new LoadOptions(options.contextLength(), options.maxBatch(), TensorType.F16);
      model = new OwningModel(Models.load(bundle.tensors(), compute, load), compute);
    } catch (RuntimeException e) {
      compute.close();
      throw e;
    }
    try {
      bundle.checkVocabulary(model.info());
      int context =
          ContextLimit.choose(options.contextLength(), model.info(), Machine.memoryBytes());
      EngineLoop.Settings settings = new EngineLoop.Settings(context, options.slots());
      return new EngineAssembly(new EngineLoop(model, settings), model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}

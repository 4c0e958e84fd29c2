package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.UnknownModelException;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.pool.ModelSource;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.ModelNotPulledException;

/** The hub's models for a pool: those that are here, with the sampling of their cards. */
record HubModels(ModelHub hub, EngineOptions options) implements ModelSource {
  @Override
  public Found find(String name) {
    LocalModel model;
    try {
      model = hub.resolve(name);
    } catch (dev.nearside.hub.UnknownModelException | ModelNotPulledException e) {
      Fault fault = e.fault();
      throw new UnknownModelException(fault);
    }
    return new Found(
        model.name(),
        model.path(),
        model.bytes(),
        ModelFacts.of(model).quant(),
        options.withSampling(Models.defaults(model)));
  }
}

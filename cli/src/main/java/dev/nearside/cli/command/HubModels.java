package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ModelParameters;
import dev.nearside.chat.Preset;
import dev.nearside.chat.UnknownModelException;
import dev.nearside.engine.AdapterFile;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.pool.ModelSource;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.ModelNotPulledException;
import dev.nearside.hub.ModelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The hub's models for a pool: those that are here, with the sampling of their cards.
 *
 * @param drafts by the full name of a model: the one that guesses for it
 */
record HubModels(ModelHub hub, EngineOptions options, Map<String, LocalModel> drafts)
    implements ModelSource {
  HubModels {
    drafts = Map.copyOf(drafts);
  }

  @Override
  public Found find(String name) {
    LocalModel model;
    try {
      model = hub.resolve(name);
    } catch (dev.nearside.hub.UnknownModelException | ModelNotPulledException e) {
      Fault fault = e.fault();
      throw new UnknownModelException(fault);
    }
    LocalModel draft = drafts.get(model.name());
    ModelFacts facts = ModelFacts.of(model);
    EngineOptions own = within(facts.contextLength(), of(model));
    return new Found(
        model.name(),
        model.path(),
        model.bytes() + (draft == null ? 0 : draft.bytes()),
        facts.quant(),
        draft == null ? own : own.withServing(own.serving().withDraft(draft.path())));
  }

  // One --ctx is for all models of a server: those that were trained for less have less.
  private static EngineOptions within(long trained, EngineOptions options) {
    return trained > 0 && options.contextLength() > trained
        ? options.withContextLength((int) trained)
        : options;
  }

  private EngineOptions of(LocalModel model) {
    return forModel(options.withSampling(Models.samplingOf(hub, model)), model);
  }

  /** What a made model wants of its engine; a flag that the user gave is stronger. */
  static EngineOptions forModel(EngineOptions options, LocalModel model) {
    ModelSettings settings = model.settings();
    int context = ModelParameters.of(settings.parameters()).contextLength();
    EngineOptions sized =
        options.contextLength() > 0 ? options : options.withContextLength(context);
    List<AdapterFile> adapters = new ArrayList<>(options.adapters());
    model.adapters().forEach(adapter -> adapters.add(AdapterFile.ofModel(adapter.path())));
    EngineOptions adapted = sized.withAdapters(adapters);
    return adapted.chatTemplate() == null ? adapted.withChatTemplate(settings.template()) : adapted;
  }

  /** What a model brings along for every request. */
  Preset preset(String name) {
    return Presets.of(hub.resolve(name).settings());
  }
}

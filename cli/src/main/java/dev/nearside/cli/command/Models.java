package dev.nearside.cli.command;

import dev.nearside.base.Machine;
import dev.nearside.chat.ModelParameters;
import dev.nearside.chat.Sampling;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.hub.catalogue.SamplingDefaults;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a model's name to a model that can be loaded, pulled first if need be. */
final class Models {
  /** The model of those who name none, unless NEARSIDE_MODEL does. */
  static final String DEFAULT = "smollm2:135m";

  private final CliContext context;
  private final ModelHub hub;

  Models(CliContext context, ModelHub hub) {
    this.context = context;
    this.hub = hub;
  }

  /** The default model's name. */
  String defaultName() {
    return context.env().getOrDefault("NEARSIDE_MODEL", DEFAULT);
  }

  /**
   * The model with this name; pulled, with progress, when it is not here.
   *
   * @throws dev.nearside.hub.HubException when there is no such model, or it can't be had
   */
  LocalModel ready(String name) throws InterruptedException {
    Optional<LocalModel> here = hub.find(name);
    if (here.isPresent()) {
      return here.get();
    }
    LocalModel pulled = hub.pull(name, new PullProgress(context));
    if (pulled.entry() != null && pulled.name().equals(DEFAULT)) {
      suggest(pulled.entry());
    }
    return pulled;
  }

  /** Says which better models fit this machine. */
  private void suggest(CatalogueEntry current) {
    better(current, Set.of("en")).ifPresent(e -> say("A better model fits this machine", e));
    better(current, Set.of("zh")).ifPresent(e -> say("For Chinese too", e));
  }

  /** Says which model that fits speaks Chinese, where this one does not and is asked in it. */
  void suggestFor(LocalModel model, String prompt) {
    CatalogueEntry entry = model.entry();
    if (entry != null && !entry.languages().contains("zh") && PromptWords.isChinese(prompt)) {
      better(entry, Set.of("zh"))
          .ifPresent(e -> say(entry.name() + " does not speak Chinese. This one does", e));
    }
  }

  private void say(String what, CatalogueEntry e) {
    context
        .err()
        .println(
            what
                + ": "
                + e.name()
                + " ("
                + Sizes.bytes(e.bytes())
                + "). Try: nearside run "
                + e.name());
  }

  /** The best model that fits and speaks the languages, if it is another and larger one. */
  Optional<CatalogueEntry> better(@Nullable CatalogueEntry current, Set<String> languages) {
    return hub.fitting(memoryForModels(), languages).stream()
        .findFirst()
        .filter(e -> current == null || e.bytes() > current.bytes());
  }

  /** The part of the machine's memory that a model may take, in bytes. */
  static long memoryForModels() {
    return Machine.memoryBytes() * 7 / 10;
  }

  /** The sampling that the model brings along, else what the card of its parent recommends. */
  Sampling samplingOf(LocalModel model) {
    return samplingOf(hub, model);
  }

  static Sampling samplingOf(ModelHub hub, LocalModel model) {
    String parent = model.settings().parent();
    CatalogueEntry entry =
        model.entry() != null || parent == null
            ? model.entry()
            : hub.catalogue().find(parent).orElse(null);
    Sampling own = ModelParameters.of(model.settings().parameters()).sampling();
    return own.orElse(defaults(entry));
  }

  /** The sampling that a model's card recommends. */
  private static Sampling defaults(@Nullable CatalogueEntry entry) {
    if (entry == null) {
      return Sampling.DEFAULTS;
    }
    SamplingDefaults d = entry.sampling();
    return Sampling.builder()
        .temperature(toFloat(d.temperature()))
        .topK(d.topK())
        .topP(toFloat(d.topP()))
        .minP(toFloat(d.minP()))
        .penalties(
            d.repeatPenalty() == null
                ? null
                : new Sampling.Penalties(d.repeatPenalty().floatValue(), null, null, null))
        .build();
  }

  private static @Nullable Float toFloat(@Nullable Double value) {
    return value == null ? null : Float.valueOf(value.floatValue());
  }
}

package dev.nearside.cli.command;

import dev.nearside.engine.EngineOptions;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The flags of {@code serve} about tokens that are guessed ahead. */
final class ServeSpeculation {
  @Option(
      names = "--draft",
      paramLabel = "[MODEL=]DRAFT",
      description =
          "A small model with the same vocabulary that guesses what MODEL says; it changes the speed"
              + " and no token. Without MODEL=: for the one model that is named here, or else the"
              + " default model, for which NEARSIDE_DRAFT may name it too. May be repeated.")
  List<String> drafts = new ArrayList<>();

  @Option(
      names = "--no-speculation",
      description = "Never guess tokens ahead; it changes no reply, only its speed.")
  boolean isPlain;

  EngineOptions apply(EngineOptions options) {
    return options.withServing(options.serving().withSpeculation(!isPlain));
  }

  /**
   * Draft models by the names of those that they help; not pulled yet.
   *
   * @param served the models that {@code command} names
   * @param variable what the environment says of the default model's
   */
  Map<String, String> choose(
      CommandLine command,
      List<String> served,
      ModelHub hub,
      String defaultName,
      @Nullable String variable) {
    // Nobody asked for the default model itself: it is not pulled because of the variable.
    boolean isHere = hub.find(defaultName).isPresent();
    return DraftFlag.choose(command, drafts, served, defaultName, isHere ? variable : null);
  }

  /** The same models, pulled if need be, by full name. */
  static Map<String, LocalModel> ready(Map<String, String> chosen, Models models)
      throws InterruptedException {
    Map<String, LocalModel> out = new HashMap<>();
    for (Map.Entry<String, String> entry : chosen.entrySet()) {
      LocalModel helped = models.ready(entry.getKey());
      out.put(helped.name(), models.ready(entry.getValue()));
    }
    return out;
  }
}

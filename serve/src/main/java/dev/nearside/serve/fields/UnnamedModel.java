package dev.nearside.serve.fields;

import dev.nearside.chat.LoadedModelState;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Clients of llama.cpp's server name no model: there is only one. */
public final class UnnamedModel {
  private static final String KEY = "model";

  private UnnamedModel() {}

  /** The model that is named; else the one that was used last, else the default. */
  public static String of(Fields f, Services services) {
    List<LoadedModelState> loaded = services.models().loaded();
    return f.text(KEY)
        .orElseGet(
            () -> loaded.isEmpty() ? services.defaultModel() : loaded.getFirst().facts().name());
  }

  /**
   * A request that names its model: paths of OpenAI's API need one, the same without {@code /v1} do
   * not.
   */
  public static Fields named(Fields f, String path, Services services) {
    if (f.has(KEY) || path.startsWith("/v1/")) {
      return f;
    }
    ObjectNode copy = Json.object();
    f.object().properties().forEach(e -> copy.set(e.getKey(), e.getValue()));
    copy.put(KEY, of(f, services));
    return new Fields(copy, f.path());
  }
}

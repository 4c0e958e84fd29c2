package dev.nearside.serve;

import dev.nearside.chat.ModelManager;
import dev.nearside.hub.ModelHub;
import java.time.Clock;

/**
 * What the endpoints work with.
 *
 * @param models models by name, loaded on demand
 * @param hub what is stored here, and where more comes from
 * @param defaultModel the model of requests that name none, where an API allows it
 * @param version of the program
 * @param workshop what looks into model files
 */
public record Services(
    ModelManager models,
    ModelHub hub,
    String defaultModel,
    String version,
    Clock clock,
    ModelWorkshop workshop) {
  public Services withModels(ModelManager other) {
    return new Services(other, hub, defaultModel, version, clock, workshop);
  }
}

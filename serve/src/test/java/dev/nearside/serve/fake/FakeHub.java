package dev.nearside.serve.fake;

import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.Origin;
import dev.nearside.hub.UnknownModelException;
import dev.nearside.hub.catalogue.Catalogue;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A store that holds some models by name; what a test needs no more than that of it. */
public final class FakeHub {
  private final List<LocalModel> models;

  private FakeHub(List<LocalModel> models) {
    this.models = models;
  }

  /** A store with these models. */
  public static ModelHub of(String... names) {
    FakeHub hub = new FakeHub(List.of(names).stream().map(FakeHub::model).toList());
    return (ModelHub)
        Proxy.newProxyInstance(
            FakeHub.class.getClassLoader(),
            new Class<?>[] {ModelHub.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "list" -> hub.models;
                  case "cached" -> List.of();
                  case "catalogue" -> Catalogue.builtIn();
                  case "find" -> hub.find((String) arguments[0]);
                  case "resolve" ->
                      hub.find((String) arguments[0])
                          .orElseThrow(
                              () -> new UnknownModelException((String) arguments[0], List.of()));
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private Optional<LocalModel> find(String name) {
    return models.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  private static LocalModel model(String name) {
    return new LocalModel(
        name,
        Path.of("/models", name),
        1_000,
        null,
        Catalogue.builtIn().find(name).orElse(null),
        new Origin(Origin.Kind.STORE, "test"),
        Instant.parse("2026-01-02T03:04:05Z"));
  }
}

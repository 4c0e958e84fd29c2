package dev.nearside.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the real models are that tests tagged {@code model} run on. */
record RealModels(String name, String sha256, String variable) {
  static final RealModels SMOLLM2 =
      new RealModels(
          "smollm2:135m",
          "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
          "NEARSIDE_TEST_SMOLLM2");

  /** The model's file; the test is skipped when it is neither in the store nor named. */
  static Path require(RealModels model) {
    Optional<Path> found = model.find();
    assumeTrue(
        found.isPresent(),
        () -> model.name + " is not in the store: pull it, or set " + model.variable);
    return found.orElseThrow();
  }

  private Optional<Path> find() {
    String home =
        Optional.ofNullable(System.getenv("NEARSIDE_HOME"))
            .orElse(System.getProperty("user.home") + "/.nearside");
    return Stream.concat(
            Optional.ofNullable(System.getenv(variable)).map(Path::of).stream(),
            Stream.of(Path.of(home, "blobs", "sha256-" + sha256)))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}

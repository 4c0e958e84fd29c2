package dev.nearside.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the real models are that tests tagged {@code model} run on. */
final class RealModels {
  private RealModels() {}

  /**
   * The model's file; the test is skipped when it is neither in the store nor named.
   *
   * @param variable the environment variable that may name the file
   */
  static Path require(String name, String sha256, String variable) {
    String home =
        Optional.ofNullable(System.getenv("NEARSIDE_HOME"))
            .orElse(System.getProperty("user.home") + "/.nearside");
    Optional<Path> found =
        Stream.concat(
                Optional.ofNullable(System.getenv(variable)).map(Path::of).stream(),
                Stream.of(Path.of(home, "blobs", "sha256-" + sha256)))
            .filter(Files::isRegularFile)
            .findFirst();
    assumeTrue(found.isPresent(), name + " is not in the store: pull it, or set " + variable);
    return found.orElseThrow();
  }
}

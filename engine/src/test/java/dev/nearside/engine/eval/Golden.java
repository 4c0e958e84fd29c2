package dev.nearside.engine.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files that llama.cpp wrote; golden/README.md says how. */
final class Golden {
  private Golden() {}

  static Path logits() {
    return resource("tiny.logits");
  }

  /** As the command reads it: without the last end of line. */
  static String text() {
    try {
      return Files.readString(resource("text.txt")).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A tiny model of the model floor's golden data. */
  static Path model(String name) {
    return Path.of("..", "model", "src", "test", "resources", "golden", "llama", name);
  }

  private static Path resource(String name) {
    URL url = Objects.requireNonNull(Golden.class.getResource("golden/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.nearside.serve.ollama;

import dev.nearside.serve.http.Fields;

/** The model that a request names: {@code model}, or {@code name} as older clients write it. */
final class ModelField {
  private ModelField() {}

  static String read(Fields f) {
    String name = f.text("model").or(() -> f.text("name")).orElse("");
    if (name.isBlank()) {
      throw f.wrong("model", "is required");
    }
    return name;
  }
}

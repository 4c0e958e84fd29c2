package dev.nearside.model.arch;

import java.util.Map;
import java.util.Optional;

/** The index of encoder architectures, by the name that GGUF files give them. */
public final class EncoderArchitectures {
  private static final Map<String, EncoderArchitecture> ALL =
      Map.of("bert", new Bert(), "nomic-bert", new NomicBert(), "modern-bert", new ModernBert());

  private EncoderArchitectures() {}

  /** The encoder architecture with this name, if there is one. */
  public static Optional<EncoderArchitecture> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }
}

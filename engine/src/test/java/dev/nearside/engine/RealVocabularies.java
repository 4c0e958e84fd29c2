package dev.nearside.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.format.gguf.GgufFile;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Vocabularies of published models: of the default model, where it is in the store, and those in
 * the folder of shared cases, where that is there.
 */
final class RealVocabularies {
  /** GGUF's number of a control token. */
  static final int CONTROL = 3;

  /** GGUF's number of a text that is always one token. */
  static final int USER_DEFINED = 4;

  private static final String SMOLLM2 =
      "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

  private RealVocabularies() {}

  /** SmolLM2's. */
  static TokenizerSpec smolLm2() {
    return spec(RealModels.require("smollm2:135m", SMOLLM2, "NEARSIDE_TEST_SMOLLM2"));
  }

  /**
   * One of the shared cases'.
   *
   * @param name {@code gpt-2}, {@code llama-spm}, {@code phi-3}
   */
  static TokenizerSpec shared(String name) {
    String variable =
        Objects.requireNonNullElse(System.getenv("NEARSIDE_CASES"), "../../shared/cases");
    Path file =
        Path.of(System.getProperty("nearside.cases", variable))
            .resolve("tokenizer-vectors/ggml-vocab-" + name + ".gguf");
    assumeTrue(Files.isRegularFile(file), "skipped: there is no " + file);
    return spec(file);
  }

  private static TokenizerSpec spec(Path file) {
    try (GgufFile gguf = GgufFile.open(file)) {
      return TokenizerSpec.fromMetadata(gguf.metadata().asMap());
    }
  }

  /**
   * The vocabulary with further tokens behind its own, as models are given them that are taught a
   * chat format later.
   *
   * @param kind {@link #CONTROL} or {@link #USER_DEFINED}
   */
  static Tokenizer with(TokenizerSpec spec, Collection<String> names, int kind) {
    List<String> known = Arrays.asList(spec.tokens());
    List<String> more = names.stream().filter(name -> !known.contains(name)).distinct().toList();
    return Tokenizers.of(spec.withMoreTokens(more, kind));
  }
}

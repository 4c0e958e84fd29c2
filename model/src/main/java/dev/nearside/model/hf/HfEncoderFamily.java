package dev.nearside.model.hf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The encoder classes of transformers that can be loaded, with GGUF's name of the architecture.
 *
 * <p>Source: {@code conversion/bert.py} of llama.cpp.
 */
enum HfEncoderFamily {
  BERT("bert", "Bert", "bert."),
  ROBERTA("bert", "Roberta|XLMRoberta|Camembert", "roberta."),
  DISTILBERT("bert", "DistilBert", "distilbert."),
  NOMIC("nomic-bert", "NomicBert", "bert."),
  MODERN_BERT("modern-bert", "ModernBert", "model.");

  private static final String CLASSIFIER = "ForSequenceClassification";

  private final String architecture;
  private final Pattern classNames;
  private final String prefix;

  HfEncoderFamily(String architecture, String names, String prefix) {
    this.architecture = architecture;
    this.prefix = prefix;
    this.classNames =
        Pattern.compile(
            "(" + names + ")(Model|ForMaskedLM|ForPreTraining|ForSequenceClassification)");
  }

  /** The family that a configuration names, if it names one of these. */
  static Optional<HfEncoderFamily> find(HfConfig config) {
    List<?> names = config.list("architectures").orElse(List.of());
    return Arrays.stream(values())
        .filter(f ->
            names.stream().anyMatch(name -> f.classNames.matcher(String.valueOf(name)).matches()))
        .findFirst();
  }

  /** Whether the configuration is of a classifier. */
  static boolean isClassifier(HfConfig config) {
    return config.list("architectures").orElse(List.of()).stream()
        .anyMatch(name -> String.valueOf(name).endsWith(CLASSIFIER));
  }

  /** GGUF's name. */
  String architecture() {
    return architecture;
  }

  /** What stands before the names of tensors where the class has a head. */
  String prefix() {
    return prefix;
  }
}

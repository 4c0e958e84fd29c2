package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The model classes of transformers that can be loaded, with GGUF's name of the architecture.
 *
 * <p>Source: the {@code conversion} package of llama.cpp.
 */
enum HfFamily {
  LLAMA("LlamaForCausalLM", "llama"),
  MISTRAL("MistralForCausalLM", "llama"),
  QWEN2("Qwen2ForCausalLM", "qwen2"),
  QWEN3("Qwen3ForCausalLM", "qwen3"),
  QWEN3_MOE("Qwen3MoeForCausalLM", "qwen3moe"),
  GEMMA2("Gemma2ForCausalLM", "gemma2"),
  GEMMA3("Gemma3ForCausalLM", "gemma3"),
  GEMMA3_VISION("Gemma3ForConditionalGeneration", "gemma3"),
  PHI3("Phi3ForCausalLM", "phi3"),
  MINICPM("MiniCPMForCausalLM", "minicpm"),
  GRANITE("GraniteForCausalLM", "granite"),
  SMOLLM3("SmolLM3ForCausalLM", "smollm3"),
  GPT_OSS("GptOssForCausalLM", "gpt-oss");

  private final String className;
  private final String architecture;

  HfFamily(String className, String architecture) {
    this.className = className;
    this.architecture = architecture;
  }

  /**
   * The family that a configuration names.
   *
   * @throws ModelException when it names none that is supported
   */
  static HfFamily of(HfConfig config) {
    List<String> names = new ArrayList<>();
    config.list("architectures").ifPresent(l -> l.forEach(v -> names.add(String.valueOf(v))));
    return Arrays.stream(values())
        .filter(f -> names.contains(f.className) || names.contains(f.bareName()))
        .findFirst()
        .orElseThrow(() ->
            new ModelException(
                Fault.of("architecture is not supported")
                    .got(names)
                    .expected("one of " + Arrays.stream(values()).map(f -> f.className).toList())
                    .where("config.json, architectures")));
  }

  /** The class without an output head, as embedding models are saved. */
  private String bareName() {
    return className.replaceFirst("For(CausalLM|ConditionalGeneration)$", "Model");
  }

  /** GGUF's name. */
  String architecture() {
    return architecture;
  }

  /** Whether GGUF has q and k permuted, so that rotations turn adjacent elements. */
  boolean isPermuted() {
    return switch (this) {
      case LLAMA, MISTRAL, MINICPM, GRANITE, SMOLLM3 -> true;
      case QWEN2, QWEN3, QWEN3_MOE, GEMMA2, GEMMA3, GEMMA3_VISION, PHI3, GPT_OSS -> false;
    };
  }

  /** Whether norm weights are stored as the difference from one. */
  boolean hasOffsetNorms() {
    return switch (this) {
      case GEMMA2, GEMMA3, GEMMA3_VISION -> true;
      case LLAMA, MISTRAL, QWEN2, QWEN3, QWEN3_MOE, PHI3, MINICPM, GRANITE, SMOLLM3, GPT_OSS ->
          false;
    };
  }

  /** Whether this is a Gemma: its four norms per block have names of their own. */
  boolean isGemma() {
    return hasOffsetNorms();
  }
}

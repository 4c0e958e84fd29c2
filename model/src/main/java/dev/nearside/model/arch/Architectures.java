package dev.nearside.model.arch;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import java.util.Map;
import java.util.TreeSet;

/** The index of architectures, by the name that GGUF files give them. */
public final class Architectures {
  private static final Map<String, Architecture> ALL =
      Map.ofEntries(
          Map.entry("llama", new Llama()),
          Map.entry("qwen2", new Qwen2()),
          Map.entry("qwen3", new Qwen3()),
          Map.entry("qwen3moe", new Qwen3Moe()),
          Map.entry("gemma2", new Gemma2()),
          Map.entry("gemma3", new Gemma3()),
          Map.entry("phi3", new Phi3()),
          Map.entry("minicpm", new MiniCpm()),
          Map.entry("granite", new Granite()),
          Map.entry("smollm3", new SmolLm3()),
          Map.entry("gpt-oss", new GptOss()));

  private Architectures() {}

  /**
   * The architecture with this name.
   *
   * @throws ModelException when there is none
   */
  public static Architecture of(String name) {
    Architecture found = ALL.get(name);
    if (found == null && EncoderArchitectures.find(name).isPresent()) {
      throw new ModelException(
          Fault.of("the model is an encoder: it makes vectors of texts and can't answer")
              .got("'" + name + "'")
              .where("metadata key general.architecture")
              .hint("Use 'nearside embed' or 'nearside rerank'."));
    }
    if (found == null) {
      throw new ModelException(
          Fault.of("architecture is not supported")
              .got("'" + name + "'")
              .expected("one of " + new TreeSet<>(ALL.keySet()))
              .where("metadata key general.architecture"));
    }
    return found;
  }
}

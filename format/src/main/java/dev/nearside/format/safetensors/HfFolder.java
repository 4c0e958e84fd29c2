package dev.nearside.format.safetensors;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model folder as Hugging Face transformers writes it: {@code config.json}, safetensors, and
 * often {@code generation_config.json}, {@code tokenizer.json}, {@code tokenizer_config.json}.
 */
public final class HfFolder {
  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";
  private static final String TOKENIZER = "tokenizer.json";

  private final Path path;
  private final Map<String, Object> config;

  private HfFolder(Path path, Map<String, Object> config) {
    this.path = path;
    this.config = config;
  }

  /**
   * Reads the configuration of a folder.
   *
   * @throws FormatException when there is no {@code config.json}, or it is not a JSON object
   */
  public static HfFolder open(Path path) {
    Path config = path.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      throw new FormatException(
          Fault.of("not a model folder: a file is missing").expected(CONFIG).where(path));
    }
    return new HfFolder(path, Json.readObject(config));
  }

  public Path path() {
    return path;
  }

  /** {@code config.json} as maps, lists, strings, numbers and booleans. */
  public Map<String, Object> config() {
    return config;
  }

  /**
   * {@code generation_config.json}; empty when there is none.
   *
   * @throws FormatException when it is not a JSON object
   */
  public Map<String, Object> generationConfig() {
    return json(GENERATION_CONFIG).orElse(Map.of());
  }

  /**
   * Another small JSON file of the folder, such as {@code tokenizer_config.json}; empty when there
   * is none.
   *
   * @throws FormatException when it is over 8 MiB or not a JSON object
   */
  public Optional<Map<String, Object>> json(String name) {
    return file(name).map(Json::readObject);
  }

  /**
   * A small JSON file whose value is a list, such as {@code modules.json}; empty when there is
   * none.
   *
   * @throws FormatException when it is over 8 MiB or not a JSON list
   */
  public Optional<List<?>> jsonList(String name) {
    return file(name).map(Json::readList);
  }

  public Optional<Path> tokenizerJson() {
    return file(TOKENIZER);
  }

  /** The file with this name in the folder; empty when there is none. */
  public Optional<Path> file(String name) {
    return Optional.of(path.resolve(name)).filter(Files::isRegularFile);
  }

  /**
   * Maps the tensors; the caller closes.
   *
   * @throws FormatException when a file is missing or broken
   */
  public SafetensorsFile openTensors() {
    return SafetensorsFile.open(path);
  }
}

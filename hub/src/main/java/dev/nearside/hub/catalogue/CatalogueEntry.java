package dev.nearside.hub.catalogue;

import java.util.List;

/**
 * A model of the built-in catalogue.
 *
 * @param name full name, {@code family:tag}
 * @param aliases other names for it, e.g. the family alone
 * @param description one line for people
 * @param parameters count as people write it, e.g. {@code 135M}
 * @param family architecture family, e.g. {@code llama}, {@code qwen3}
 * @param languages ISO 639-1 codes it is good at
 * @param contextLength trained positions, in tokens
 * @param file the GGUF file, or the largest file of a folder of safetensors
 * @param memory what it needs in memory
 * @param isBase true for a base model: it continues text and has no chat template
 * @param sources in the order they are tried
 * @param purpose what the model is for
 */
public record CatalogueEntry(
    String name,
    List<String> aliases,
    String description,
    String parameters,
    String family,
    List<String> languages,
    Licence licence,
    int contextLength,
    FileFacts file,
    MemoryNeed memory,
    boolean isBase,
    SamplingDefaults sampling,
    List<SourceSpec> sources,
    Purpose purpose) {

  /** What a model is for. */
  public enum Purpose {
    /** It answers or continues texts. */
    TEXT,
    /** It turns texts into vectors. */
    EMBED,
    /** It judges documents by a query. */
    RERANK
  }

  /** A model that answers or continues texts. */
  public CatalogueEntry(
      String name,
      List<String> aliases,
      String description,
      String parameters,
      String family,
      List<String> languages,
      Licence licence,
      int contextLength,
      FileFacts file,
      MemoryNeed memory,
      boolean isBase,
      SamplingDefaults sampling,
      List<SourceSpec> sources) {
    this(
        name,
        aliases,
        description,
        parameters,
        family,
        languages,
        licence,
        contextLength,
        file,
        memory,
        isBase,
        sampling,
        sources,
        Purpose.TEXT);
  }

  public CatalogueEntry {
    aliases = List.copyOf(aliases);
    languages = List.copyOf(languages);
    sources = List.copyOf(sources);
  }

  /** Size of the file in bytes; see {@link FileFacts#isApproximate}. */
  public long bytes() {
    return file.bytes();
  }

  /** Memory for the weights and a context of 4096 tokens (or the whole context if shorter). */
  public long memoryBytes() {
    return memory.bytesAt(Math.min(contextLength, 4096), file.bytes());
  }

  /** Memory for the weights and a context of {@code tokens}. */
  public long memoryBytes(int tokens) {
    return memory.bytesAt(Math.min(contextLength, tokens), file.bytes());
  }
}

package dev.nearside.hub;

/**
 * Where a local model lies and where it came from.
 *
 * @param kind who owns the file
 * @param detail for people: the source it was pulled from, or the folder it was found in
 */
public record Origin(Kind kind, String detail) {

  /** Who owns the file. Only {@link #STORE} models are ours to remove. */
  public enum Kind {
    STORE,
    HUGGING_FACE_CACHE,
    OLLAMA_CACHE,
    LOCAL_PATH
  }
}

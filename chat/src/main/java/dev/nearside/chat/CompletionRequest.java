package dev.nearside.chat;

/** A prompt to continue. */
public record CompletionRequest(Prompt prompt, Generation generation) {
  /** A text to continue. */
  public CompletionRequest(String prompt, boolean parseSpecial, Sampling sampling, Limits limits) {
    this(new Prompt.Text(prompt, parseSpecial), Generation.of(sampling, limits));
  }

  /** A continuation with the backend's own settings. */
  public static CompletionRequest of(String prompt) {
    return new CompletionRequest(new Prompt.Text(prompt, false), Generation.DEFAULTS);
  }
}

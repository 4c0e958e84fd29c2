package dev.nearside.chat;

/**
 * A text to continue.
 *
 * @param prompt the text
 * @param parseSpecial whether the names of special tokens in the text stand for these tokens
 */
public record CompletionRequest(
    String prompt, boolean parseSpecial, Sampling sampling, Limits limits) {
  /** A continuation with the backend's own settings. */
  public static CompletionRequest of(String prompt) {
    return new CompletionRequest(prompt, false, Sampling.DEFAULTS, Limits.NONE);
  }
}

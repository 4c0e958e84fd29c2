package dev.nearside.hub;

import org.jspecify.annotations.Nullable;

/** One thing that happened during a pull, in the order it happened. */
public sealed interface PullEvent {

  /**
   * This source is asked now; {@code source} is for people, e.g. {@code Hugging Face user/repo}.
   */
  record Trying(String source) implements PullEvent {}

  /** This source failed; the next one is tried at once. */
  record SourceFailed(String source, String reason) implements PullEvent {}

  /** Terms to show before the first download; see {@link PullListener#acceptTerms}. */
  record Terms(String model, String licence, @Nullable String url, String text)
      implements PullEvent {}

  /** Another process holds {@code what} (a model or a file); this one waits and then reuses it. */
  record Waiting(String what) implements PullEvent {}

  /**
   * A file's download begins or resumes.
   *
   * @param doneBytes already here from an earlier try
   * @param totalBytes size of the file, -1 when the server does not say
   * @param connections how many ranges run at once
   */
  record Started(String file, long doneBytes, long totalBytes, int connections)
      implements PullEvent {}

  /**
   * Progress over the whole model. Sent some ten times a second at most.
   *
   * @param totalBytes -1 when unknown; may grow while files of unknown size begin
   */
  record Progress(long doneBytes, long totalBytes) implements PullEvent {}

  /** The checksum is being computed. */
  record Verifying(String file, long doneBytes, long totalBytes) implements PullEvent {}

  /** Something worth one line: a retry, a dropped partial file, a package client at work. */
  record Note(String text) implements PullEvent {}

  /** The model is in the store. The last event. */
  record Done(LocalModel model) implements PullEvent {}
}

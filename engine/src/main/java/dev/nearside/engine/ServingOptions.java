package dev.nearside.engine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How an engine serves several requests.
 *
 * @param slots sequences that run at once
 * @param queue requests that may wait for a slot; more are refused
 * @param kvBytes memory for the keys and values of all sequences, and for those that are kept for
 *     the next, at most: enough for all slots if it holds that; 0 = a quarter of the machine's
 *     memory
 * @param kept where blocks of keys and values are kept for the next start; null = nowhere
 * @param speculates whether tokens are guessed and checked several in a step, where it pays; it
 *     changes no token
 * @param draft a small model with the same vocabulary that guesses tokens; null = none
 */
public record ServingOptions(
    int slots,
    int queue,
    long kvBytes,
    @Nullable Kept kept,
    boolean speculates,
    @Nullable Path draft) {
  /**
   * Blocks on disk. They hold what users said, in a form that can be told from them: the folder is
   * for its owner only.
   *
   * @param maxBytes size of the folder; the least recently used blocks go first
   */
  public record Kept(Path folder, long maxBytes) {}

  /** What suits most uses. */
  public static final ServingOptions DEFAULTS = new ServingOptions(8, 256, 0, null, true, null);

  public ServingOptions withSlots(int count) {
    return new ServingOptions(count, queue, kvBytes, kept, speculates, draft);
  }

  public ServingOptions withQueue(int requests) {
    return new ServingOptions(slots, requests, kvBytes, kept, speculates, draft);
  }

  public ServingOptions withKvBytes(long bytes) {
    return new ServingOptions(slots, queue, bytes, kept, speculates, draft);
  }

  public ServingOptions withKept(@Nullable Kept folder) {
    return new ServingOptions(slots, queue, kvBytes, folder, speculates, draft);
  }

  public ServingOptions withSpeculation(boolean isOn) {
    return new ServingOptions(slots, queue, kvBytes, kept, isOn, draft);
  }

  public ServingOptions withDraft(@Nullable Path model) {
    return new ServingOptions(slots, queue, kvBytes, kept, speculates, model);
  }
}

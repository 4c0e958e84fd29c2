package dev.nearside.engine;

/**
 * How an engine serves several requests.
 *
 * @param slots sequences that run at once
 * @param queue requests that may wait for a slot; more are refused
 * @param kvBytes memory for the keys and values of all sequences, and for those that are kept for
 *     the next; 0 = enough for all slots, but no more than a quarter of the machine's memory
 */
public record ServingOptions(int slots, int queue, long kvBytes) {
  /** What suits most uses. */
  public static final ServingOptions DEFAULTS = new ServingOptions(8, 256, 0);

  public ServingOptions withSlots(int count) {
    return new ServingOptions(count, queue, kvBytes);
  }

  public ServingOptions withQueue(int requests) {
    return new ServingOptions(slots, requests, kvBytes);
  }

  public ServingOptions withKvBytes(long bytes) {
    return new ServingOptions(slots, queue, bytes);
  }
}

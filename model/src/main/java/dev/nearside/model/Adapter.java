package dev.nearside.model;

/**
 * A low-rank adapter (LoRA), loaded for one model and applied unmerged: to the tokens of those
 * sequences whose {@link Batch} names it.
 */
public interface Adapter extends AutoCloseable {
  /**
   * Tells adapters apart that compute differently: the SHA-256 of all that counts, in hexadecimal.
   * Keys of cached keys and values contain it.
   */
  String fingerprint();

  /** Bytes of its weights. */
  long bytes();

  /** Frees its memory. Between two steps, and no later batch may name it. */
  @Override
  void close();
}

package dev.nearside.model;

import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.util.Optional;

/**
 * A loaded model. One thread at a time calls it.
 *
 * <p>Extra abilities are extra small interfaces.
 */
public interface LanguageModel extends AutoCloseable {
  ModelInfo info();

  /** Tokens that one {@link #forward} takes at most. */
  int maxBatch();

  /** An empty store for this model's keys and values. */
  KvStore newKvStore(int blocks);

  /**
   * Computes a batch: stores its keys and values, and writes the logits of {@code
   * batch.logitRows()} as {@code (logitRows, vocab)}.
   *
   * @throws ModelException when a token id or the batch's size is out of range, or an adapter is
   *     not this model's
   * @throws dev.nearside.tensor.TensorException when an activation is not a number
   */
  void forward(Batch batch, KvStore kv, Floats logits);

  /** Loads adapters; empty for models that take none. */
  default Optional<AdapterLoader> adapters() {
    return Optional.empty();
  }

  @Override
  void close();
}

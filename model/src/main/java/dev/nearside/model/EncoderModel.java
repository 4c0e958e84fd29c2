package dev.nearside.model;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A loaded model that turns texts into vectors. One thread at a time calls it. It keeps nothing
 * from one call to the next, and what it computes of a text does not depend on the texts beside it,
 * to the bit.
 */
public interface EncoderModel extends AutoCloseable {
  ModelInfo info();

  EncoderInfo encoder();

  /**
   * Computes texts together.
   *
   * @param isCancelled asked now and then
   * @return one array per text: {@code hidden} values; with {@link Pooling#NONE} {@code (tokens,
   *     hidden)}; with {@link Pooling#RANK} {@code labels} scores
   * @throws ModelException when a text is too long or a token id out of range, or the model has no
   *     head to rank with
   * @throws dev.nearside.tensor.TensorException when an activation is not a number
   * @throws java.util.concurrent.CancellationException when {@code isCancelled} says so
   */
  List<float[]> encode(List<EncoderInput> inputs, Pooling pooling, BooleanSupplier isCancelled);

  @Override
  void close();
}

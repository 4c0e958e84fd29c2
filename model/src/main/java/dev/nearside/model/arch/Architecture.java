package dev.nearside.model.arch;

import dev.nearside.model.layer.Decoder;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;

/** How the weights of one kind of model become a decoder. */
@FunctionalInterface
public interface Architecture {
  /**
   * Builds the decoder.
   *
   * @param contextLength positions that will be used: some ropes depend on it
   * @throws dev.nearside.model.ModelException when a number or a tensor is missing or wrong
   */
  Decoder build(Hyperparameters h, Weights w, int contextLength);
}

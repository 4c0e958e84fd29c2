package dev.nearside.model.arch;

import dev.nearside.model.layer.Encoder;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;

/** How the weights of one kind of model become an encoder. */
@FunctionalInterface
public interface EncoderArchitecture {
  /**
   * Builds the encoder.
   *
   * @throws dev.nearside.model.ModelException when a number or a tensor is missing or wrong
   */
  Encoder build(Hyperparameters h, Weights w);
}

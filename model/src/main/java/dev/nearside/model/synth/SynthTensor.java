package dev.nearside.model.synth;

/**
 * A tensor of a model that is made up.
 *
 * @param name GGUF's name
 * @param kind what its values are
 * @param shape row-major, the contiguous dimension last
 */
record SynthTensor(String name, Kind kind, long... shape) {
  enum Kind {
    /** Weights of a product: quantised, random. */
    MATRIX,
    /** Weights that decide, as a router's: float32, random. */
    PRECISE,
    /** Weights of a norm: ones. */
    NORM,
    /** Biases: float32, random and small. */
    BIAS
  }
}

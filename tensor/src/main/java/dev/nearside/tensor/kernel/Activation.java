package dev.nearside.tensor.kernel;

/** A function of one number between two matrix products, where no gate multiplies it. */
public enum Activation {
  /** {@code x Φ(x)}, Φ the normal distribution: BERT and its relatives. */
  GELU,
  /** The tanh form of {@link #GELU}. */
  GELU_TANH,
  /** {@code x / (1 + e^-x)}. */
  SILU,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code tanh(x)}: classification heads. */
  TANH
}

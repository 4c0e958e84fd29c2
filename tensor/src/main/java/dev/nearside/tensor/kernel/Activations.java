package dev.nearside.tensor.kernel;

/**
 * The inputs of matrix products, {@code (tokens, cols)}: the float32 rows, and the same rows
 * rounded to 13 bits per block of 32 as exact numerics asks. Made by {@link
 * Kernels#newActivations}, filled by {@link Kernels#prepare}, shared by all products with the same
 * input.
 */
public interface Activations {
  /** Rows that are filled. */
  int tokens();

  /** Values in a row. */
  int cols();
}

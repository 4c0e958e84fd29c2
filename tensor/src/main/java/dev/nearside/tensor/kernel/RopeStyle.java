package dev.nearside.tensor.kernel;

/** Which two elements of a head a rotation turns. */
public enum RopeStyle {
  /** Elements {@code 2i} and {@code 2i + 1}: Llama as GGUF stores it. */
  ADJACENT,
  /** Elements {@code i} and {@code i + dims / 2} ("NeoX"): Qwen, Gemma, Phi. */
  HALVES
}

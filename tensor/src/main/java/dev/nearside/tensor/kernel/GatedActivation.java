package dev.nearside.tensor.kernel;

/** How a feed-forward layer joins its gate and up projections. */
public enum GatedActivation {
  /** {@code silu(gate) * up}: Llama and most others. */
  SILU,
  /** {@code gelu_tanh(gate) * up}: Gemma. */
  GELU_TANH,
  /** {@code gelu(gate) * up} with {@link Activation#GELU}: ModernBERT. */
  GELU,
  /** gpt-oss: {@code g = min(gate, 7); u = clamp(up, -7, 7); g * sigmoid(1.702 g) * (u + 1)}. */
  SWIGLU_OAI
}

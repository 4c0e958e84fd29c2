package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;
import java.util.Optional;

/** The index of quantised formats. */
public final class QuantFormats {
  private QuantFormats() {}

  /** The decoder of {@code type}; empty when there is none (integers, activations-only types). */
  public static Optional<QuantFormat> decoder(TensorType type) {
    return Optional.empty();
  }

  /** The encoder of {@code type}; empty when there is none. */
  public static Optional<QuantEncoder> encoder(TensorType type) {
    return Optional.empty();
  }
}

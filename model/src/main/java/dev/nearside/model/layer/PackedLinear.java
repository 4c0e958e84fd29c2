package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.PackedWeights;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Linear} over weights in the kernels' own layout.
 *
 * @param weights {@code (rows, cols)}
 * @param bias {@code (rows)}, or null
 * @param place where adapters find it
 */
public record PackedLinear(PackedWeights weights, @Nullable Floats bias, Place place)
    implements Linear {
  @Override
  public int rows() {
    return weights.rows();
  }

  @Override
  public int cols() {
    return weights.cols();
  }

  @Override
  public long bytes() {
    return weights.type().bytes((long) weights.rows() * weights.cols());
  }

  @Override
  public void apply(Kernels kernels, Activations x, RowAdapters adapters, Floats out) {
    kernels.matmul(weights, x, out);
    if (bias != null) {
      kernels.addBias(out, bias, x.tokens(), weights.rows());
    }
    adapters.addTo(kernels, place, x, out);
  }
}

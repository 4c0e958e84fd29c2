package dev.nearside.model.layer;

import dev.nearside.model.layer.SelfAttention.Projections;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.EncoderSpec;
import dev.nearside.tensor.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Attention in both directions.
 *
 * @param projections q, k, v and output
 * @param rope rotation, or null where positions are embedded
 */
public record EncoderAttention(EncoderSpec spec, Projections projections, @Nullable Rope rope) {

  /**
   * Fills the workspace's {@code attended} from its {@code hidden}.
   *
   * @param norm of the input, or null
   */
  void attend(EncoderStep step, @Nullable LayerNorm norm) {
    Kernels kernels = step.kernels();
    EncoderWorkspace ws = step.workspace();
    int hidden = projections.q().cols();
    int width = spec.width();
    step.inPieces((from, count) -> {
      Floats x = EncoderStep.rows(ws.hidden(), from, count, hidden);
      if (norm != null) {
        norm.apply(kernels, x, count, ws.normed());
        x = ws.normed();
      }
      kernels.prepare(x, count, hidden, ws.input());
      projections.q().apply(kernels, ws.input(), EncoderStep.rows(ws.q(), from, count, width));
      projections.k().apply(kernels, ws.input(), EncoderStep.rows(ws.k(), from, count, width));
      projections.v().apply(kernels, ws.input(), EncoderStep.rows(ws.v(), from, count, width));
    });
    if (rope != null) {
      rope.apply(kernels, ws.q(), step.rows(), spec.heads(), spec.headDim());
      rope.apply(kernels, ws.k(), step.rows(), spec.heads(), spec.headDim());
    }
    kernels.encoder().attention(spec, step.starts(), ws.q(), ws.k(), ws.v(), ws.attended());
  }

  /** {@code branch = attended × Wᵀ + b} for a piece. */
  void project(EncoderStep step, int from, int count) {
    EncoderWorkspace ws = step.workspace();
    Floats x = EncoderStep.rows(ws.attended(), from, count, spec.width());
    step.kernels().prepare(x, count, spec.width(), ws.input());
    projections.out().apply(step.kernels(), ws.input(), ws.branch());
  }

  /** Bytes that the weights take as loaded. */
  public long bytes() {
    return projections.bytes();
  }
}

package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.KvLayer;
import org.jspecify.annotations.Nullable;

/**
 * Grouped-query attention over the KV cache, causal, with a window or without.
 *
 * @param layer which layer's keys and values
 * @param projections q, k, v and output
 * @param norms normalisation of each head of q and k before the rotation, or null
 * @param rope rotation, or null where a layer has none
 */
public record SelfAttention(
    int layer,
    AttentionSpec spec,
    Projections projections,
    @Nullable HeadNorms norms,
    @Nullable Rope rope) {

  /**
   * @param q {@code (heads * headDim, hidden)}
   * @param k {@code (kvHeads * headDim, hidden)}
   * @param v {@code (kvHeads * headDim, hidden)}
   * @param out {@code (hidden, heads * headDim)}
   */
  public record Projections(Linear q, Linear k, Linear v, Linear out) {
    long bytes() {
      return q.bytes() + k.bytes() + v.bytes() + out.bytes();
    }
  }

  /** QK-norm: {@code q} and {@code k} have weights of width headDim. */
  public record HeadNorms(RmsNorm q, RmsNorm k) {}

  /** {@code out (tokens, hidden)} from the normalised {@code x (tokens, hidden)}. */
  public void apply(Step step, Floats x, Floats out) {
    Kernels kernels = step.kernels();
    Workspace ws = step.workspace();
    int tokens = step.tokens();
    kernels.prepare(x, step.count(), projections.q.cols(), ws.input());
    projections.q.apply(kernels, ws.input(), step.adapters(), ws.q());
    projections.k.apply(kernels, ws.input(), step.adapters(), ws.k());
    projections.v.apply(kernels, ws.input(), step.adapters(), ws.v());
    if (norms != null) {
      norms.q.apply(kernels, ws.q(), tokens * spec.heads(), ws.q());
      norms.k.apply(kernels, ws.k(), tokens * spec.kvHeads(), ws.k());
    }
    if (rope != null) {
      rope.apply(kernels, ws.q(), step.rows(), spec.heads(), spec.headDim());
      rope.apply(kernels, ws.k(), step.rows(), spec.kvHeads(), spec.headDim());
    }
    KvLayer kv = step.kv().layer(layer);
    kernels.storeKv(kv, step.rows(), ws.k(), ws.v());
    kernels.attention(spec, kv, step.rows(), ws.q(), ws.attended());
    kernels.prepare(ws.attended(), step.count(), projections.out.cols(), ws.input());
    projections.out.apply(kernels, ws.input(), step.adapters(), out);
  }

  /** Bytes that the weights take as loaded. */
  public long bytes() {
    return projections.bytes();
  }
}

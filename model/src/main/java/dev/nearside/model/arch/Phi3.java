package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.RopeScaling;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.RopeStyle;
import org.jspecify.annotations.Nullable;

/**
 * Phi-3, Phi-3.5, Phi-4, Phi-4-mini. Against Llama: q, k, v in one matrix, gate and up in one
 * matrix; rotations turn the halves of (a part of) a head; LongRoPE: a divisor per pair, from one
 * of two tables by the length of the context.
 *
 * <p>References: transformers, models/phi3/modeling_phi3.py; llama.cpp, src/models/phi3.cpp.
 */
final class Phi3 implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope =
        RopeScaling.read(
            h,
            RopeStyle.HALVES,
            p.ropeBase(),
            p.ropeDims(),
            longRopeFactors(p, contextLength),
            true);
    int window = p.window() >= h.contextLength() ? 0 : p.window();
    return PreNorm.build(
        p,
        Scales.ONE,
        i -> p.self(i, p.attention(i, p.headScale(), window, 0f, null), null, rope),
        "ffn_norm",
        i -> p.gated(i, GatedActivation.SILU));
  }

  /** The short or the long table; null when the file has none. */
  static float @Nullable [] longRopeFactors(Parts p, int contextLength) {
    int original =
        p.h()
            .optional("rope.scaling.original_context_length", 1, Integer.MAX_VALUE)
            .orElse(p.h().contextLength());
    String table = contextLength > original ? "rope_factors_long" : "rope_factors_short";
    return p.w().findVector(table + ".weight");
  }
}

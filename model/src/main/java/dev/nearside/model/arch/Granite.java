package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.GatedActivation;
import org.jspecify.annotations.Nullable;

/**
 * Granite 3, dense. Against Llama: four multipliers, on embeddings, attention scores, what a block
 * adds, and (as a divisor) logits.
 *
 * <p>References: transformers, models/granite/modeling_granite.py; llama.cpp,
 * src/models/granite.cpp.
 */
final class Granite implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    boolean hasRope = h.metadata().findFlag(h.key("rope.scaling.finetuned")).orElse(true);
    @Nullable Rope rope = hasRope ? Llama.rope(p) : null;
    float attention = orIfZero(h.real("attention.scale", 0), p.headScale());
    Scales scales =
        new Scales(
            orIfZero(h.real("embedding_scale", 0), 1f),
            orIfZero(h.real("residual_scale", 0), 1f),
            divisor(h, h.real("logit_scale", 1)));
    return PreNorm.build(
        p,
        scales,
        i -> p.self(i, p.attention(i, attention), null, rope),
        "ffn_norm",
        i -> p.gated(i, GatedActivation.SILU));
  }

  /** The factor for logits that are divided by {@code scale}. */
  static float divisor(Hyperparameters h, double scale) {
    if (!(scale > 0)) {
      throw h.invalid("logit_scale", scale, "a positive number");
    }
    return (float) (1 / scale);
  }

  private static float orIfZero(double value, float fallback) {
    return value == 0 ? fallback : (float) value;
  }
}

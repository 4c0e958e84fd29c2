package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.ExpertFeedForward.RouterRule;
import dev.nearside.model.layer.FeedForward;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.RopeScaling;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.RopeStyle;

/**
 * Llama 2 and 3, Mistral, Mixtral, SmolLM2, DeepSeek-R1-Distill-Llama. The others in this package
 * say how they differ from it.
 *
 * <p>GGUF permutes the rows of q and k, so that a rotation turns adjacent elements. Llama 3.1's
 * rope scaling comes as a divisor per pair in {@code rope_freqs}. Mistral 7B v0.1 has a window on
 * all layers; GGUF files do not tell, {@code config.json} does.
 *
 * <p>References: transformers, models/llama/modeling_llama.py; llama.cpp, src/models/llama.cpp.
 */
final class Llama implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope = rope(p);
    float scale = (float) h.real("attention.scale", p.headScale());
    return PreNorm.build(
        p,
        Scales.ONE,
        i -> p.self(i, p.attention(i, scale, p.window(), 0f, null), null, rope),
        "ffn_norm",
        i -> feedForward(p, i));
  }

  /** Rope over adjacent elements, with Llama 3's divisors if the file has them. */
  static Rope rope(Parts p) {
    return RopeScaling.read(
        p.h(),
        RopeStyle.ADJACENT,
        p.ropeBase(),
        p.ropeDims(),
        p.w().findVector("rope_freqs.weight"),
        true);
  }

  private static FeedForward feedForward(Parts p, int layer) {
    return p.w().has(Parts.name(layer, "ffn_gate_inp"))
        ? p.experts(layer, RouterRule.SOFTMAX_THEN_TOP_NORMALISED, GatedActivation.SILU)
        : p.gated(layer, GatedActivation.SILU);
  }
}

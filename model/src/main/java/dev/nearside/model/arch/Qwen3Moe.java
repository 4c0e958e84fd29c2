package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.ExpertFeedForward.RouterRule;
import dev.nearside.model.layer.FeedForward;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.GatedActivation;

/**
 * Qwen3 mixture of experts. Against Qwen3: the feed-forward part is chosen by a router (softmax
 * over all experts, the best ones renormalised), except in layers that come without one.
 *
 * <p>GGUF has no key for {@code norm_topk_prob}; all published files mean true. A file read from
 * {@code config.json} may say otherwise under {@code expert_weights_norm}.
 *
 * <p>References: transformers, models/qwen3_moe/modeling_qwen3_moe.py; llama.cpp,
 * src/models/qwen3moe.cpp.
 */
final class Qwen3Moe implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope = Qwen2.rope(p);
    boolean isNormalised = h.metadata().findFlag(h.key("expert_weights_norm")).orElse(true);
    RouterRule rule =
        isNormalised ? RouterRule.SOFTMAX_THEN_TOP_NORMALISED : RouterRule.SOFTMAX_THEN_TOP;
    return PreNorm.build(
        p,
        Scales.ONE,
        i -> p.self(i, p.attention(i, p.headScale()), p.headNorms(i), rope),
        "ffn_norm",
        i -> feedForward(p, i, rule));
  }

  private static FeedForward feedForward(Parts p, int layer, RouterRule rule) {
    return p.w().has(Parts.name(layer, "ffn_gate_inp"))
        ? p.experts(layer, rule, GatedActivation.SILU)
        : p.gated(layer, GatedActivation.SILU);
  }
}

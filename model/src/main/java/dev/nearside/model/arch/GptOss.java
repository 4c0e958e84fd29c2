package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.ExpertFeedForward.RouterRule;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.RopeScaling;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.RopeStyle;

/**
 * gpt-oss. Against Qwen3-MoE: biases everywhere, a sink logit per head, every second layer slides,
 * YaRN whose range is not widened to whole dimensions ({@code truncate: false}; llama.cpp widens
 * it), the router's softmax over the chosen experts, a clamped gate.
 *
 * <p>References: transformers, models/gpt_oss/modeling_gpt_oss.py; llama.cpp,
 * src/models/openai-moe.cpp.
 */
final class GptOss implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope = RopeScaling.read(h, RopeStyle.HALVES, p.ropeBase(), p.ropeDims(), null, false);
    boolean[] slides = p.slidingLayers(2);
    return PreNorm.build(
        p,
        Scales.ONE,
        i -> {
          Floats sinks = w.floats(Parts.name(i, "attn_sinks.weight"), h.heads(i));
          int window = slides[i] ? p.window() : 0;
          return p.self(i, p.attention(i, p.headScale(), window, 0f, sinks), null, rope);
        },
        "post_attention_norm",
        i -> p.experts(i, RouterRule.TOP_THEN_SOFTMAX, GatedActivation.SWIGLU_OAI));
  }
}

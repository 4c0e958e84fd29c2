package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.RopeScaling;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.RopeStyle;

/**
 * MiniCPM 1 to 4. Against Llama: embeddings times {@code scale_emb}, what a block adds times {@code
 * scale_depth / sqrt(layers)}, logits divided by {@code hidden / dim_model_base}; LongRoPE from
 * MiniCPM 4 on.
 *
 * <p>References: the models' own modeling_minicpm.py; llama.cpp, src/models/minicpm.cpp. Defaults
 * are for files that lack the keys: scale_emb 12, scale_depth 1.4, dim_model_base 256.
 */
final class MiniCpm implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    float[] factors = Phi3.longRopeFactors(p, contextLength);
    Rope rope =
        factors == null
            ? Llama.rope(p)
            : RopeScaling.read(h, RopeStyle.ADJACENT, p.ropeBase(), p.ropeDims(), factors, true);
    Scales scales =
        new Scales(
            (float) h.real("embedding_scale", 12),
            (float) h.real("residual_scale", 1.4 / StrictMath.sqrt(h.layers())),
            Granite.divisor(h, h.real("logit_scale", h.hidden() / 256.0)));
    return PreNorm.build(
        p,
        scales,
        i -> p.self(i, p.attention(i, p.headScale()), null, rope),
        "ffn_norm",
        i -> p.gated(i, GatedActivation.SILU));
  }
}

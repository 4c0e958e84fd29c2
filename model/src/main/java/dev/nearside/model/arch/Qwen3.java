package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.GatedActivation;

/**
 * Qwen3, dense. Against Qwen2: no biases, each head of q and k is normalised before the rotation,
 * and the width of a head is a number of its own.
 *
 * <p>References: transformers, models/qwen3/modeling_qwen3.py; llama.cpp, src/models/qwen3.cpp.
 */
final class Qwen3 implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope = Qwen2.rope(p);
    return PreNorm.build(
        p,
        Scales.ONE,
        i -> p.self(i, p.attention(i, p.headScale()), p.headNorms(i), rope),
        "ffn_norm",
        i -> p.gated(i, GatedActivation.SILU));
  }
}

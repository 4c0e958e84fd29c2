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
 * Qwen2, Qwen2.5, DeepSeek-R1-Distill-Qwen. Against Llama: biases on q, k and v; rotations turn the
 * halves of a head; YaRN where the metadata asks for it. Files converted from {@code config.json}
 * may name sliding layers.
 *
 * <p>References: transformers, models/qwen2/modeling_qwen2.py; llama.cpp, src/models/qwen2.cpp.
 */
final class Qwen2 implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope = rope(p);
    boolean[] slides = p.slidingLayers(1);
    return PreNorm.build(
        p,
        Scales.ONE,
        i ->
            p.self(
                i, p.attention(i, p.headScale(), slides[i] ? p.window() : 0, 0f, null), null, rope),
        "ffn_norm",
        i -> p.gated(i, GatedActivation.SILU));
  }

  /** Rope over the halves of a head. */
  static Rope rope(Parts p) {
    return RopeScaling.read(p.h(), RopeStyle.HALVES, p.ropeBase(), p.ropeDims(), null, true);
  }
}

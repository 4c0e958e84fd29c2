package dev.nearside.model.arch;

import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.RopeScaling;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.RopeStyle;

/**
 * Gemma 3, text. Against Llama: norms after as well as before each half of a block, QK-norm, scaled
 * embeddings, a GELU gate; five sliding layers with a rope base of their own for each global one.
 *
 * <p>References: transformers, models/gemma3/modeling_gemma3.py; llama.cpp, src/models/gemma3.cpp.
 */
final class Gemma3 implements Architecture {
  private static final int LAYERS_OF_27B = 62;

  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope global = Qwen2.rope(p);
    Rope local = localRope(p);
    boolean hasWindow = p.window() > 0;
    boolean[] slides = p.slidingLayers(6);
    float scale = GemmaBlocks.attentionScale(p, LAYERS_OF_27B);
    return GemmaBlocks.build(
        p,
        i -> {
          boolean isLocal = hasWindow && slides[i];
          return p.self(
              i,
              p.attention(i, scale, isLocal ? p.window() : 0, 0f, null),
              p.headNorms(i),
              isLocal ? local : global);
        },
        (float) h.real("final_logit_softcapping", 0));
  }

  private static Rope localRope(Parts p) {
    double base = p.h().real("rope.freq_base_swa", 10000);
    return new Rope(RopeStyle.HALVES, RopeScaling.plain(base, p.ropeDims()), 1f);
  }
}

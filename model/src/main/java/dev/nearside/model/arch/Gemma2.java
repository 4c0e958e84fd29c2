package dev.nearside.model.arch;

import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;

/**
 * Gemma 2. Against Gemma 3: soft caps on attention scores and logits, no QK-norm, one rope base,
 * every second layer slides.
 *
 * <p>References: transformers, models/gemma2/modeling_gemma2.py; llama.cpp, src/models/gemma2.cpp.
 */
final class Gemma2 implements Architecture {
  private static final int LAYERS_OF_27B = 46;

  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope = Qwen2.rope(p);
    int window = h.optional("attention.sliding_window", 0, Integer.MAX_VALUE).orElse(4096);
    boolean[] slides = p.slidingLayers(2);
    float scale = GemmaBlocks.attentionScale(p, LAYERS_OF_27B);
    float scoreCap = (float) h.real("attn_logit_softcapping", 50);
    return GemmaBlocks.build(
        p,
        i -> p.self(i, p.attention(i, scale, slides[i] ? window : 0, scoreCap, null), null, rope),
        (float) h.real("final_logit_softcapping", 30));
  }
}

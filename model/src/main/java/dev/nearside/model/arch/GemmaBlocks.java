package dev.nearside.model.arch;

import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.DecoderBlock;
import dev.nearside.model.layer.SelfAttention;
import dev.nearside.tensor.kernel.GatedActivation;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The wiring that Gemma 2 and 3 share: norms before and after each half of a block, embeddings
 * scaled by {@code sqrt(hidden)}, a GELU gate, the embedding as head. GGUF's norm weights have
 * Gemma's "+1" already added.
 */
final class GemmaBlocks {
  private GemmaBlocks() {}

  static Decoder build(Parts p, IntFunction<SelfAttention> attention, float logitSoftCap) {
    int hidden = p.h().hidden();
    return new Decoder(
        p.w().embedding(hidden),
        (float) StrictMath.sqrt(hidden),
        IntStream.range(0, p.h().layers())
            .mapToObj(i ->
                new DecoderBlock(
                    p.norm(i, "attn_norm"),
                    attention.apply(i),
                    p.norm(i, "post_attention_norm"),
                    p.norm(i, "ffn_norm"),
                    p.gated(i, GatedActivation.GELU_TANH),
                    p.norm(i, "post_ffw_norm"),
                    1f))
            .toList(),
        p.finalNorm(),
        p.w().head(hidden),
        1f,
        logitSoftCap);
  }

  /** {@code 1 / sqrt(headDim)}, but for the largest model of each family. */
  static float attentionScale(Parts p, int layersOfLargest) {
    double dim =
        p.h().layers() == layersOfLargest
            ? (double) p.h().hidden() / p.h().heads(0)
            : p.h().headDim();
    return (float) p.h().real("attention.scale", 1 / StrictMath.sqrt(dim));
  }
}

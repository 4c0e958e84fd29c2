package dev.nearside.model.arch;

import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.DecoderBlock;
import dev.nearside.model.layer.FeedForward;
import dev.nearside.model.layer.SelfAttention;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The wiring of Llama and its many relatives: a norm before each half of a block. */
final class PreNorm {
  private PreNorm() {}

  /** Factors on embeddings, on what a block adds, and on the logits; 1 where a model has none. */
  record Scales(float embedding, float residual, float logits) {
    static final Scales ONE = new Scales(1f, 1f, 1f);
  }

  static Decoder build(
      Parts p,
      Scales scales,
      IntFunction<SelfAttention> attention,
      String ffnNorm,
      IntFunction<FeedForward> ffn) {
    return new Decoder(
        p.w().embedding(p.h().hidden()),
        scales.embedding,
        IntStream.range(0, p.h().layers())
            .mapToObj(i ->
                new DecoderBlock(
                    p.norm(i, "attn_norm"),
                    attention.apply(i),
                    null,
                    p.norm(i, ffnNorm),
                    ffn.apply(i),
                    null,
                    scales.residual))
            .toList(),
        p.finalNorm(),
        p.w().head(p.h().hidden()),
        scales.logits,
        0f);
  }
}

package dev.nearside.model.arch;

import dev.nearside.model.layer.Encoder;
import dev.nearside.model.layer.EncoderBlock;
import dev.nearside.model.layer.EncoderEmbedding;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.RopeScaling;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.RopeStyle;
import java.util.stream.IntStream;

/**
 * nomic-embed-text v1 and v1.5. Against BERT: a rotation instead of learnt positions, a gated
 * feed-forward part, no biases.
 *
 * <p>References: llama.cpp, src/models/bert.cpp; nomic-ai's modeling_hf_nomic_bert.py.
 */
final class NomicBert implements EncoderArchitecture {
  @Override
  public Encoder build(Hyperparameters h, Weights w) {
    EncoderParts p = EncoderParts.of(h, w);
    Parts shared = p.shared();
    Rope rope =
        RopeScaling.read(h, RopeStyle.HALVES, shared.ropeBase(), shared.ropeDims(), null, true);
    return new Encoder(
        new EncoderEmbedding(
            w.embedding(h.hidden()), null, p.segments(), p.norm("token_embd_norm")),
        IntStream.range(0, h.layers())
            .<EncoderBlock>mapToObj(i ->
                new EncoderBlock.PostNorm(
                    p.attention(i, 0, rope),
                    p.norm(i, "attn_output_norm"),
                    p.gated(i, p.gatedActivation("silu")),
                    p.norm(i, "layer_output_norm")))
            .toList(),
        null,
        p.head(Activation.TANH));
  }
}

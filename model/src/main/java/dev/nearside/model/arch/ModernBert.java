package dev.nearside.model.arch;

import dev.nearside.model.layer.Encoder;
import dev.nearside.model.layer.EncoderBlock;
import dev.nearside.model.layer.EncoderEmbedding;
import dev.nearside.model.layer.LayerNorm;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.RopeScaling;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.RopeStyle;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * ModernBERT and embedding models built on it (gte-modernbert, granite-embedding-r2). Against BERT:
 * a norm before each half of a block (none before the first), a rotation, gated feed-forward, no
 * segments; most layers see only {@code attention.sliding_window / 2} tokens to either side, and
 * rotate with a base of their own.
 *
 * <p>References: transformers, models/modernbert/modeling_modernbert.py; llama.cpp,
 * src/models/modern-bert.cpp.
 */
final class ModernBert implements EncoderArchitecture {
  /** Layers from one that sees all to the next. */
  private static final int PERIOD = 3;

  @Override
  public Encoder build(Hyperparameters h, Weights w) {
    EncoderParts p = EncoderParts.of(h, w);
    int reach = p.shared().window() / 2;
    int period = h.optional("attention.sliding_window_pattern", 1, 4096).orElse(PERIOD);
    Rope global = rope(p, p.shared().ropeBase());
    Rope local = rope(p, h.real("rope.freq_base_swa", p.shared().ropeBase()));
    return new Encoder(
        new EncoderEmbedding(w.embedding(h.hidden()), null, null, p.norm("token_embd_norm")),
        IntStream.range(0, h.layers())
            .<EncoderBlock>mapToObj(i -> {
              boolean isGlobal = reach == 0 || i % period == 0;
              return new EncoderBlock.PreNorm(
                  attentionNorm(p, i),
                  p.attention(i, isGlobal ? 0 : reach, isGlobal ? global : local),
                  p.norm(i, "ffn_norm"),
                  p.gated(i, p.gatedActivation("gelu")));
            })
            .toList(),
        p.norm("output_norm"),
        p.head(Activation.GELU));
  }

  private static @Nullable LayerNorm attentionNorm(EncoderParts p, int layer) {
    boolean isAbsent = layer == 0 && !p.w().has(Parts.name(0, "attn_norm"));
    return isAbsent ? null : p.norm(layer, "attn_norm");
  }

  private static Rope rope(EncoderParts p, double base) {
    return RopeScaling.read(p.h(), RopeStyle.HALVES, base, p.shared().ropeDims(), null, true);
  }
}

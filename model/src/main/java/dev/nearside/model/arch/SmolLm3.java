package dev.nearside.model.arch;

import dev.nearside.model.arch.PreNorm.Scales;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.GatedActivation;
import java.util.Optional;

/**
 * SmolLM3. Against Llama: every fourth layer has no rotation (NoPE). A file read from {@code
 * config.json} may name the layers under {@code rope.no_rope_layers} (1 = has a rotation).
 *
 * <p>References: transformers, models/smollm3/modeling_smollm3.py; llama.cpp,
 * src/models/smollm3.cpp.
 */
final class SmolLm3 implements Architecture {
  @Override
  public Decoder build(Hyperparameters h, Weights w, int contextLength) {
    Parts p = new Parts(h, w);
    Rope rope = Llama.rope(p);
    Optional<int[]> named = h.metadata().findInts(h.key("rope.no_rope_layers"));
    return PreNorm.build(
        p,
        Scales.ONE,
        i -> {
          boolean hasRope = named.isPresent() ? named.get()[i] != 0 : (i + 1) % 4 != 0;
          return p.self(i, p.attention(i, p.headScale()), null, hasRope ? rope : null);
        },
        "ffn_norm",
        i -> p.gated(i, GatedActivation.SILU));
  }
}

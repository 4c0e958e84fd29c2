package dev.nearside.model.arch;

import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.model.layer.ExpertFeedForward;
import dev.nearside.model.layer.ExpertFeedForward.Expert;
import dev.nearside.model.layer.ExpertFeedForward.RouterRule;
import dev.nearside.model.layer.GatedFeedForward;
import dev.nearside.model.layer.Linear;
import dev.nearside.model.layer.RmsNorm;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.layer.SelfAttention;
import dev.nearside.model.layer.SelfAttention.HeadNorms;
import dev.nearside.model.layer.SelfAttention.Projections;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.GatedActivation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parts that most architectures read in the same way. */
record Parts(Hyperparameters h, Weights w) {
  /** {@code blk.N.suffix}. */
  static String name(int layer, String suffix) {
    return "blk." + layer + "." + suffix;
  }

  /** The norm {@code blk.N.suffix} over the hidden width. */
  RmsNorm norm(int layer, String suffix) {
    return w.norm(name(layer, suffix), h.hidden(), h.normEps());
  }

  /** The norm before the output head. */
  RmsNorm finalNorm() {
    return w.norm("output_norm", h.hidden(), h.normEps());
  }

  /** QK-norm over a head's width. */
  HeadNorms headNorms(int layer) {
    return new HeadNorms(
        w.norm(name(layer, "attn_q_norm"), h.headDim(), h.normEps()),
        w.norm(name(layer, "attn_k_norm"), h.headDim(), h.normEps()));
  }

  /** {@code 1 / sqrt(headDim)}. */
  float headScale() {
    return (float) (1 / StrictMath.sqrt(h.headDim()));
  }

  /** Attention over everything before, without cap or sinks. */
  AttentionSpec attention(int layer, float scale) {
    return attention(layer, scale, 0, 0f, null);
  }

  AttentionSpec attention(
      int layer, float scale, int window, float softCap, @Nullable Floats sinks) {
    return new AttentionSpec(
        h.heads(layer), h.kvHeads(layer), h.headDim(), scale, window, softCap, sinks);
  }

  /** q, k, v (three matrices or one) and output, with whatever biases the file has. */
  Projections projections(int layer) {
    int q = h.heads(layer) * h.headDim();
    int kv = h.kvHeads(layer) * h.headDim();
    int in = h.hidden();
    Linear out = w.linear(name(layer, "attn_output"), in, q);
    String fused = name(layer, "attn_qkv");
    if (w.has(fused)) {
      int all = q + 2 * kv;
      return new Projections(
          w.slice(fused, all, 0, q, in),
          w.slice(fused, all, q, kv, in),
          w.slice(fused, all, q + kv, kv, in),
          out);
    }
    return new Projections(
        w.linear(name(layer, "attn_q"), q, in),
        w.linear(name(layer, "attn_k"), kv, in),
        w.linear(name(layer, "attn_v"), kv, in),
        out);
  }

  /** gate, up (two matrices or one, gate first) and down. */
  GatedFeedForward gated(int layer, GatedActivation activation) {
    int ffn = h.ffn(layer);
    int in = h.hidden();
    Linear down = w.linear(name(layer, "ffn_down"), in, ffn);
    String up = name(layer, "ffn_up");
    String gate = name(layer, "ffn_gate");
    if (!w.has(gate)) {
      return new GatedFeedForward(
          w.slice(up, 2 * ffn, 0, ffn, in), w.slice(up, 2 * ffn, ffn, ffn, in), down, activation);
    }
    return new GatedFeedForward(w.linear(gate, ffn, in), w.linear(up, ffn, in), down, activation);
  }

  /** A mixture of experts, with whatever biases the file has. */
  ExpertFeedForward experts(int layer, RouterRule rule, GatedActivation activation) {
    int count = h.whole("expert_count", 1, 4096);
    int used = h.whole("expert_used_count", 1, count);
    int ffn = h.optional("expert_feed_forward_length", 1, 1 << 20).orElseGet(() -> h.ffn(layer));
    int in = h.hidden();
    List<Linear> gate = w.experts(name(layer, "ffn_gate_exps"), count, ffn, in);
    List<Linear> up = w.experts(name(layer, "ffn_up_exps"), count, ffn, in);
    List<Linear> down = w.experts(name(layer, "ffn_down_exps"), count, in, ffn);
    List<Expert> experts = new ArrayList<>(count);
    for (int e = 0; e < count; e++) {
      experts.add(new Expert(gate.get(e), up.get(e), down.get(e)));
    }
    Linear router = w.linear(name(layer, "ffn_gate_inp"), count, in);
    return new ExpertFeedForward(router, experts, used, rule, activation);
  }

  /** The elements of a head that rope turns. */
  int ropeDims() {
    int dims = h.optional("rope.dimension_count", 2, h.headDim()).orElse(h.headDim());
    if (dims % 2 != 0) {
      throw h.invalid("rope.dimension_count", dims, "an even number");
    }
    return dims;
  }

  double ropeBase() {
    return h.real("rope.freq_base", 10000);
  }

  /** The window of sliding layers; 0 when the model has none. */
  int window() {
    return h.optional("attention.sliding_window", 0, Integer.MAX_VALUE).orElse(0);
  }

  /**
   * Which layers slide: a flag per layer in the metadata, or a period of which the last layer does
   * not.
   */
  boolean[] slidingLayers(int defaultPeriod) {
    String key = h.key("attention.sliding_window_pattern");
    Optional<MetaValue> flags = h.metadata().find(key).filter(v -> v.type() == MetaType.ARRAY);
    boolean[] out = new boolean[h.layers()];
    if (flags.isPresent()) {
      boolean[] given = h.metadata().flags(key);
      if (given.length < out.length) {
        throw h.invalid("attention.sliding_window_pattern", given.length, "a flag for each layer");
      }
      System.arraycopy(given, 0, out, 0, out.length);
      return out;
    }
    int period = h.optional("attention.sliding_window_pattern", 1, 4096).orElse(defaultPeriod);
    for (int i = 0; i < out.length; i++) {
      out[i] = i % period < period - 1;
    }
    return out;
  }

  /** A {@link SelfAttention} of this layer. */
  SelfAttention self(
      int layer, AttentionSpec spec, @Nullable HeadNorms norms, @Nullable Rope rope) {
    return new SelfAttention(layer, spec, projections(layer), norms, rope);
  }
}

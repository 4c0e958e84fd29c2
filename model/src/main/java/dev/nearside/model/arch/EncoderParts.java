package dev.nearside.model.arch;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import dev.nearside.model.layer.ClassificationHead;
import dev.nearside.model.layer.Embedding;
import dev.nearside.model.layer.EncoderAttention;
import dev.nearside.model.layer.EncoderFeedForward;
import dev.nearside.model.layer.LayerNorm;
import dev.nearside.model.layer.Linear;
import dev.nearside.model.layer.Rope;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.EncoderSpec;
import dev.nearside.tensor.kernel.GatedActivation;
import org.jspecify.annotations.Nullable;

/** Parts that most encoders read in the same way. */
record EncoderParts(Hyperparameters h, Weights w, Parts shared) {
  static EncoderParts of(Hyperparameters h, Weights w) {
    for (int i = 0; i < h.layers(); i++) {
      if (h.kvHeads(i) != h.heads(i)) {
        throw h.invalid("attention.head_count_kv", h.kvHeads(i), "the " + h.heads(i) + " heads");
      }
    }
    return new EncoderParts(h, w, new Parts(h, w));
  }

  /** The norm with this name over the hidden width. */
  LayerNorm norm(String name) {
    return w.layerNorm(name, h.hidden(), h.normEps());
  }

  /** The norm {@code blk.N.suffix}. */
  LayerNorm norm(int layer, String suffix) {
    return norm(Parts.name(layer, suffix));
  }

  /** The table of segments, if the file has it. */
  @Nullable Embedding segments() {
    return w.has("token_types") ? w.table("token_types", w.rows("token_types"), h.hidden()) : null;
  }

  /**
   * @param reach positions that a token sees to either side; 0 = all
   */
  EncoderAttention attention(int layer, int reach, @Nullable Rope rope) {
    EncoderSpec spec = new EncoderSpec(h.heads(layer), h.headDim(), shared.headScale(), reach);
    return new EncoderAttention(spec, shared.projections(layer), rope);
  }

  /** up and down. */
  EncoderFeedForward plain(int layer) {
    int ffn = h.ffn(layer);
    return new EncoderFeedForward.Plain(
        w.linear(Parts.name(layer, "ffn_up"), ffn, h.hidden()),
        w.linear(Parts.name(layer, "ffn_down"), h.hidden(), ffn),
        activation("gelu"));
  }

  /** gate, up (two matrices or one, gate first) and down. */
  EncoderFeedForward gated(int layer, GatedActivation activation) {
    int ffn = h.ffn(layer);
    int in = h.hidden();
    String up = Parts.name(layer, "ffn_up");
    String gate = Parts.name(layer, "ffn_gate");
    Linear down = w.linear(Parts.name(layer, "ffn_down"), in, ffn);
    return w.has(gate)
        ? new EncoderFeedForward.Gated(
            w.linear(up, ffn, in), w.linear(gate, ffn, in), down, activation)
        : new EncoderFeedForward.Gated(
            w.slice(up, 2 * ffn, ffn, ffn, in), w.slice(up, 2 * ffn, 0, ffn, in), down, activation);
  }

  /** The activation that the file names, as transformers spells it. */
  Activation activation(String fallback) {
    String name = activationName(fallback);
    return switch (name) {
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
      case "silu", "swish" -> Activation.SILU;
      case "relu" -> Activation.RELU;
      case "tanh" -> Activation.TANH;
      default -> throw unknownActivation(name);
    };
  }

  /** The same for a gate. */
  GatedActivation gatedActivation(String fallback) {
    String name = activationName(fallback);
    return switch (name) {
      case "gelu" -> GatedActivation.GELU;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> GatedActivation.GELU_TANH;
      case "silu", "swish", "swiglu" -> GatedActivation.SILU;
      default -> throw unknownActivation(name);
    };
  }

  private String activationName(String fallback) {
    return h.metadata().findString(h.key("hidden_activation")).orElse(fallback);
  }

  private ModelException unknownActivation(String name) {
    return new ModelException(
        Fault.of("activation is not supported")
            .got("'" + name + "'")
            .expected("gelu, gelu_new, silu or relu")
            .where("metadata key " + h.key("hidden_activation")));
  }

  /**
   * The classification head, if the file has one.
   *
   * @param activation between its two matrices
   */
  @Nullable ClassificationHead head(Activation activation) {
    return head(w, h.hidden(), h.normEps(), activation);
  }

  static @Nullable ClassificationHead head(
      Weights w, int hidden, float eps, Activation activation) {
    // A head of one matrix may have either name.
    boolean isSingle = !w.has("cls.output") && w.has("cls");
    String last = isSingle ? "cls" : "cls.output";
    if (!w.has(last)) {
      return null;
    }
    return new ClassificationHead(
        w.has("cls") && !isSingle ? w.linear("cls", hidden, hidden) : null,
        activation,
        w.has("cls.norm") ? w.layerNorm("cls.norm", hidden, eps) : null,
        w.linear(last, w.rows(last), hidden));
  }
}

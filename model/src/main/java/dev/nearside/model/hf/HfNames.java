package dev.nearside.model.hf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tensor names of transformers as GGUF names. */
final class HfNames {
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,5})\\.(.+)");

  private static final Map<String, String> OUTSIDE =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", "output.weight");

  private static final Map<String, String> INSIDE =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.qkv_proj", "attn_qkv"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.gate_up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("mlp.gate", "ffn_gate_inp"),
          Map.entry("mlp.router", "ffn_gate_inp"));

  private HfNames() {}

  /** GGUF's name, or empty for a tensor that is not taken over one to one. */
  static Optional<String> toGguf(HfFamily family, String name) {
    String outside = OUTSIDE.get(name);
    if (outside != null) {
      return Optional.of(outside);
    }
    Matcher m = LAYER.matcher(name);
    if (!m.matches()) {
      return Optional.empty();
    }
    String rest = m.group(2);
    String block = "blk." + m.group(1) + ".";
    if (rest.equals("self_attn.sinks")) {
      return Optional.of(block + "attn_sinks.weight");
    }
    int dot = rest.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String part = rest.substring(0, dot);
    String kind = rest.substring(dot);
    String gguf = norm(family, part);
    if (gguf == null) {
      gguf = INSIDE.get(part);
    }
    return gguf == null || !(kind.equals(".weight") || kind.equals(".bias"))
        ? Optional.empty()
        : Optional.of(block + gguf + kind);
  }

  // The second norm of a block is the one before the feed-forward part, except in a Gemma.
  private static @Nullable String norm(HfFamily family, String part) {
    return switch (part) {
      case "post_attention_layernorm" -> {
        if (family.isGemma() || family == HfFamily.GPT_OSS) {
          yield "post_attention_norm";
        }
        yield "ffn_norm";
      }
      case "pre_feedforward_layernorm" -> "ffn_norm";
      case "post_feedforward_layernorm" -> "post_ffw_norm";
      default -> null;
    };
  }
}

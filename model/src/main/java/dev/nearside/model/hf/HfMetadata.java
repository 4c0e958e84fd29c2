package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.MetaArray;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.model.ModelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code config.json} as GGUF metadata.
 *
 * <p>Source: {@code set_gguf_parameters} in llama.cpp's converter; transformers' configuration_*.py
 * for the defaults.
 */
final class HfMetadata {
  private final HfFamily family;
  private final HfConfig config;
  private final HfRope rope;
  private final Map<String, MetaValue> out = new LinkedHashMap<>();

  private HfMetadata(HfFamily family, HfConfig config, HfRope rope) {
    this.family = family;
    this.config = config;
    this.rope = rope;
  }

  /** Reads a text model's configuration. */
  static Metadata read(HfFamily family, HfConfig config, HfRope rope) {
    HfMetadata reader = new HfMetadata(family, config, rope);
    reader.common();
    reader.windows();
    reader.ropes();
    reader.scales();
    reader.experts();
    return Metadata.of(reader.out);
  }

  private void common() {
    out.put("general.architecture", MetaValue.of(family.architecture()));
    whole("block_count", config.required("num_hidden_layers"));
    whole("embedding_length", config.required("hidden_size"));
    whole("context_length", config.required("max_position_embeddings"));
    int heads = config.required("num_attention_heads");
    whole("attention.head_count", heads);
    whole("attention.head_count_kv", config.integer("num_key_value_heads").orElse(heads));
    config.integer("intermediate_size").ifPresent(v -> whole("feed_forward_length", v));
    headDim().ifPresent(v -> whole("attention.key_length", v));
    real("attention.layer_norm_rms_epsilon", config.real("rms_norm_eps").orElse(1e-6));
  }

  private Optional<Integer> headDim() {
    Optional<Integer> given = config.integer("head_dim");
    return given.isPresent() || !family.isGemma() ? given : Optional.of(256);
  }

  private void windows() {
    boolean isUsed =
        family != HfFamily.QWEN2 || config.flag("use_sliding_window").orElse(Boolean.FALSE);
    Optional<Integer> window = config.integer("sliding_window");
    if (!isUsed || window.isEmpty()) {
      return;
    }
    whole("attention.sliding_window", window.get());
    Optional<List<?>> types = config.list("layer_types");
    if (types.isPresent()) {
      pattern(types.get().stream().map("sliding_attention"::equals).toList());
    } else if (family == HfFamily.QWEN2) {
      int first = config.integer("max_window_layers").orElse(28);
      int layers = config.required("num_hidden_layers");
      pattern(IntStream.range(0, layers).mapToObj(i -> i >= first).toList());
    } else {
      config
          .integer("sliding_window_pattern", "_sliding_window_pattern")
          .ifPresent(v -> whole("attention.sliding_window_pattern", v));
    }
  }

  private void pattern(List<Boolean> slides) {
    byte[] raw = new byte[slides.size()];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) (slides.get(i) ? 1 : 0);
    }
    put(
        "attention.sliding_window_pattern",
        new MetaValue.Many(MetaArray.ofRaw(MetaType.BOOL, raw.length, raw)));
  }

  private void ropes() {
    rope.metadata().forEach(this::put);
    if (family == HfFamily.SMOLLM3) {
      config.list("no_rope_layers").ifPresent(l -> put("rope.no_rope_layers", ints(l)));
    }
  }

  private MetaValue ints(List<?> list) {
    int[] values =
        list.stream()
            .mapToInt(v -> v instanceof Number n ? n.intValue() : invalidLayer(v))
            .toArray();
    return MetaValue.int32s(values);
  }

  private static int invalidLayer(Object value) {
    throw new ModelException(
        Fault.of("configuration value makes no sense")
            .got(value)
            .where("config.json.no_rope_layers"));
  }

  private void scales() {
    switch (family) {
      case GRANITE -> {
        config.real("attention_multiplier").ifPresent(v -> real("attention.scale", v));
        config.real("embedding_multiplier").ifPresent(v -> real("embedding_scale", v));
        config.real("residual_multiplier").ifPresent(v -> real("residual_scale", v));
        real("logit_scale", config.real("logits_scaling").orElse(1.0));
      }
      case MINICPM -> {
        int layers = config.required("num_hidden_layers");
        double depth = config.real("scale_depth").orElse(1.0);
        double base = config.real("dim_model_base").orElse(1.0);
        real("embedding_scale", config.real("scale_emb").orElse(1.0));
        real("residual_scale", depth / StrictMath.sqrt(layers));
        real("logit_scale", config.required("hidden_size") / base);
      }
      case GEMMA2, GEMMA3, GEMMA3_VISION -> {
        double scalar = config.real("query_pre_attn_scalar").orElse(256.0);
        real("attention.scale", 1 / StrictMath.sqrt(scalar));
        real("final_logit_softcapping", config.real("final_logit_softcapping").orElse(0.0));
        if (family == HfFamily.GEMMA2) {
          real("attn_logit_softcapping", config.real("attn_logit_softcapping").orElse(0.0));
        }
      }
      case LLAMA, MISTRAL, QWEN2, QWEN3, QWEN3_MOE, PHI3, SMOLLM3, GPT_OSS -> {}
    }
  }

  private void experts() {
    if (family == HfFamily.QWEN3_MOE) {
      whole("expert_count", config.required("num_experts"));
      whole("expert_used_count", config.required("num_experts_per_tok"));
      whole("expert_feed_forward_length", config.required("moe_intermediate_size"));
      boolean isNormalised = config.flag("norm_topk_prob").orElse(Boolean.FALSE);
      put("expert_weights_norm", MetaValue.of(isNormalised));
    } else if (family == HfFamily.GPT_OSS) {
      whole("expert_count", config.required("num_local_experts", "num_experts"));
      whole("expert_used_count", config.required("num_experts_per_tok", "experts_per_token"));
    }
  }

  private void whole(String key, long value) {
    put(key, new MetaValue.Whole(MetaType.INT64, value));
  }

  private void real(String key, double value) {
    put(key, new MetaValue.Real(MetaType.FLOAT64, value));
  }

  private void put(String key, MetaValue value) {
    out.put(family.architecture() + "." + key, value);
  }
}

package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.model.ModelException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An encoder's {@code config.json} as GGUF metadata.
 *
 * <p>Source: {@code set_gguf_parameters} in llama.cpp's converter; transformers' configuration_*.py
 * for the defaults.
 */
final class HfEncoderMetadata {
  private static final double BERT_EPS = 1e-12;

  private final HfEncoderFamily family;
  private final HfConfig config;
  private final Map<String, MetaValue> out = new LinkedHashMap<>();

  private HfEncoderMetadata(HfEncoderFamily family, HfConfig config) {
    this.family = family;
    this.config = config;
  }

  static Metadata read(HfEncoderFamily family, HfConfig config) {
    HfEncoderMetadata reader = new HfEncoderMetadata(family, config);
    reader.out.put("general.architecture", MetaValue.of(family.architecture()));
    reader.common();
    switch (family) {
      case BERT, ROBERTA, DISTILBERT -> reader.positions();
      case NOMIC -> reader.nomic();
      case MODERN_BERT -> reader.modern();
    }
    return Metadata.of(reader.out);
  }

  private void common() {
    whole("block_count", config.required("num_hidden_layers", "n_layers", "n_layer"));
    whole("embedding_length", config.required("hidden_size", "dim", "n_embd"));
    whole("attention.head_count", config.required("num_attention_heads", "n_heads", "n_head"));
    whole("feed_forward_length", config.required("intermediate_size", "hidden_dim", "n_inner"));
    whole("context_length", contextLength());
    put("attention.causal", MetaValue.of(false));
    real(
        "attention.layer_norm_epsilon",
        config.real("layer_norm_eps", "norm_eps", "layer_norm_epsilon").orElse(BERT_EPS));
    config
        .text("hidden_act", "hidden_activation", "activation", "activation_function")
        .ifPresent(name -> put("hidden_activation", MetaValue.of(name)));
  }

  private int contextLength() {
    int positions = config.required("max_position_embeddings", "n_positions");
    return switch (family) {
      case ROBERTA -> positions - positionOffset(config);
      // Trained for fewer than it has positions for.
      case NOMIC -> Math.min(positions, config.integer("max_trained_positions").orElse(2048));
      case BERT, DISTILBERT, MODERN_BERT -> positions;
    };
  }

  /** Rows of RoBERTa's positions that stand for padding. */
  static int positionOffset(HfConfig config) {
    return config.integer("pad_token_id").orElse(1) + 1;
  }

  private void positions() {
    config
        .text("position_embedding_type")
        .filter(type -> !type.equals("absolute"))
        .ifPresent(type -> {
          throw unsupported("position_embedding_type", type, "absolute");
        });
  }

  private void nomic() {
    config
        .flag("prenorm")
        .filter(is -> is)
        .ifPresent(is -> {
          throw unsupported("prenorm", is, "false");
        });
    config
        .flag("rotary_emb_interleaved")
        .filter(is -> is)
        .ifPresent(is -> {
          throw unsupported("rotary_emb_interleaved", is, "false");
        });
    config
        .integer("num_experts", "num_local_experts")
        .filter(count -> count > 0)
        .ifPresent(count -> {
          throw unsupported("num_experts", count, "no experts");
        });
    real("rope.freq_base", config.real("rotary_emb_base").orElse(10000.0));
    double part = config.real("rotary_emb_fraction").orElse(1.0);
    int headDim = config.required("n_embd", "hidden_size") / config.required("n_head", "num_heads");
    whole("rope.dimension_count", (int) (headDim * part));
    put("rope.scaling.type", MetaValue.of("none"));
  }

  private void modern() {
    HfConfig none = new HfConfig(Map.of(), "config.json");
    HfConfig ropes = config.object("rope_parameters").orElse(none);
    double global =
        ropes
            .object("full_attention")
            .orElse(none)
            .real("rope_theta")
            .or(() -> config.real("global_rope_theta"))
            .orElse(160000.0);
    double local =
        ropes
            .object("sliding_attention")
            .orElse(none)
            .real("rope_theta")
            .or(() -> config.real("local_rope_theta"))
            .orElse(10000.0);
    real("rope.freq_base", global);
    real("rope.freq_base_swa", local);
    put("rope.scaling.type", MetaValue.of("none"));
    whole("attention.sliding_window", config.integer("local_attention").orElse(128));
    whole(
        "attention.sliding_window_pattern", config.integer("global_attn_every_n_layers").orElse(3));
    if (HfEncoderFamily.isClassifier(config)) {
      put("classifier_pooling", MetaValue.of(config.text("classifier_pooling").orElse("cls")));
    }
  }

  private ModelException unsupported(String key, Object got, String expected) {
    return new ModelException(
        Fault.of("this kind of encoder is not supported")
            .got(got)
            .expected(expected)
            .where(config.where() + "." + key));
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

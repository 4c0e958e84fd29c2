package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.model.ModelException;
import dev.nearside.model.load.RopeScaling;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rope settings of a {@code config.json}, old ({@code rope_theta}, {@code rope_scaling}) and new
 * ({@code rope_parameters}), as GGUF metadata and the factor tensors that GGUF files carry.
 *
 * @param metadata keys without the architecture's name
 * @param factors tensors by GGUF name: {@code rope_freqs.weight}, {@code rope_factors_long.weight},
 *     …
 */
record HfRope(Map<String, MetaValue> metadata, Map<String, float[]> factors) {
  static HfRope read(HfFamily family, HfConfig config) {
    HfConfig parameters = new HfConfig(Map.of(), "config.json");
    HfConfig own = config.object("rope_parameters").orElse(parameters);
    // Models with two kinds of layers name them.
    HfConfig global = own.object("full_attention").orElse(own);
    HfConfig local = own.object("sliding_attention").orElse(parameters);
    Reader reader = new Reader(family, config);
    reader.base(global, local);
    HfConfig scaling = config.object("rope_scaling").orElse(global);
    reader.scaling(scaling, global);
    return new HfRope(reader.metadata, reader.factors);
  }

  private static final class Reader {
    private final HfFamily family;
    private final HfConfig config;
    private final Map<String, MetaValue> metadata = new LinkedHashMap<>();
    private final Map<String, float[]> factors = new LinkedHashMap<>();

    Reader(HfFamily family, HfConfig config) {
      this.family = family;
      this.config = config;
    }

    void base(HfConfig global, HfConfig local) {
      double fallback = family == HfFamily.GEMMA3 || family == HfFamily.GEMMA3_VISION ? 1e6 : 10000;
      real(
          "rope.freq_base",
          global.real("rope_theta").or(() -> config.real("rope_theta")).orElse(fallback));
      local
          .real("rope_theta")
          .or(() -> config.real("rope_local_base_freq"))
          .ifPresent(v -> real("rope.freq_base_swa", v));
      whole("rope.dimension_count", dims(global));
    }

    private int headDim() {
      return config
          .integer("head_dim")
          .orElseGet(() ->
              family.isGemma()
                  ? 256
                  : config.required("hidden_size") / config.required("num_attention_heads"));
    }

    private int dims(HfConfig global) {
      double part =
          global
              .real("partial_rotary_factor")
              .or(() -> config.real("partial_rotary_factor"))
              .orElse(1.0);
      return (int) (headDim() * part);
    }

    void scaling(HfConfig scaling, HfConfig global) {
      String type = scaling.text("rope_type", "type").orElse("default");
      int context = config.required("max_position_embeddings");
      int original =
          scaling
              .integer("original_max_position_embeddings")
              .or(() -> config.integer("original_max_position_embeddings"))
              .orElse(context);
      switch (type) {
        case "default" -> text("rope.scaling.type", "none");
        case "linear" -> {
          text("rope.scaling.type", "linear");
          real("rope.scaling.factor", factor(scaling));
        }
        case "llama3" -> {
          text("rope.scaling.type", "none");
          factors.put("rope_freqs.weight", llama3(scaling, global, original));
        }
        case "yarn" -> yarn(scaling, original);
        case "longrope", "su" -> longRope(scaling, original, context);
        default ->
            throw new ModelException(
                Fault.of("rope scaling is not supported")
                    .got(type)
                    .expected("default, linear, llama3, yarn or longrope")
                    .where("config.json"));
      }
    }

    private void yarn(HfConfig scaling, int original) {
      double factor = factor(scaling);
      text("rope.scaling.type", "yarn");
      real("rope.scaling.factor", factor);
      whole("rope.scaling.original_context_length", original);
      real("rope.scaling.yarn_beta_fast", scaling.real("beta_fast").orElse(32.0));
      real("rope.scaling.yarn_beta_slow", scaling.real("beta_slow").orElse(1.0));
      scaling
          .flag("truncate")
          .ifPresent(v -> metadata.put("rope.scaling.yarn_truncate", MetaValue.of(v)));
      // GGUF's factor comes on top of YaRN's own.
      scaling
          .real("attention_factor")
          .ifPresent(v ->
              real(
                  "rope.scaling.attn_factor",
                  v / (factor <= 1 ? 1 : 0.1 * StrictMath.log(factor) + 1)));
    }

    private void longRope(HfConfig scaling, int original, int context) {
      text("rope.scaling.type", "longrope");
      whole("rope.scaling.original_context_length", original);
      scaling.reals("long_factor").ifPresent(v -> factors.put("rope_factors_long.weight", v));
      scaling.reals("short_factor").ifPresent(v -> factors.put("rope_factors_short.weight", v));
      double ratio = scaling.real("factor").orElse((double) context / original);
      double magnitude =
          ratio <= 1 ? 1 : StrictMath.sqrt(1 + StrictMath.log(ratio) / StrictMath.log(original));
      real("rope.scaling.attn_factor", scaling.real("attention_factor").orElse(magnitude));
    }

    // A divisor per pair, by the pair's wavelength (Llama 3.1).
    private float[] llama3(HfConfig scaling, HfConfig global, int original) {
      double factor = factor(scaling);
      double low = scaling.real("low_freq_factor").orElse(1.0);
      double high = scaling.real("high_freq_factor").orElse(4.0);
      double base = global.real("rope_theta").or(() -> config.real("rope_theta")).orElse(10000.0);
      double[] frequencies = RopeScaling.plain(base, dims(global));
      float[] out = new float[frequencies.length];
      for (int i = 0; i < out.length; i++) {
        double wavelength = 2 * Math.PI / frequencies[i];
        if (wavelength < original / high) {
          out[i] = 1;
        } else if (wavelength > original / low) {
          out[i] = (float) factor;
        } else {
          double smooth = (original / wavelength - low) / (high - low);
          out[i] = (float) (1 / ((1 - smooth) / factor + smooth));
        }
      }
      return out;
    }

    private double factor(HfConfig scaling) {
      return scaling
          .real("factor")
          .orElseThrow(() ->
              new ModelException(Fault.of("rope scaling lacks its factor").where(scaling.where())));
    }

    private void whole(String key, long value) {
      metadata.put(key, new MetaValue.Whole(MetaType.INT64, value));
    }

    private void real(String key, double value) {
      metadata.put(key, new MetaValue.Real(MetaType.FLOAT64, value));
    }

    private void text(String key, String value) {
      metadata.put(key, MetaValue.of(value));
    }
  }
}

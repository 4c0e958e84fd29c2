package dev.nearside.model.load;

import dev.nearside.model.layer.Rope;
import dev.nearside.tensor.kernel.RopeStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rope with the scalings of model files: none, linear, per-dimension factors (Llama 3, LongRoPE)
 * and YaRN (Peng et al. 2023).
 *
 * <p>Source: {@code rope_yarn} in ggml/src/ggml-cpu/ops.cpp of llama.cpp; transformers'
 * modeling_rope_utils.py.
 */
public final class RopeScaling {
  private RopeScaling() {}

  /**
   * YaRN's numbers.
   *
   * @param factor the context grows by it
   * @param originalContext positions of the original training
   * @param betaFast turns over the original context above which a dimension is left alone
   * @param betaSlow turns below which a dimension is interpolated
   * @param isTruncated whether the range of dimensions is widened to whole numbers
   */
  public record Yarn(
      double factor, int originalContext, double betaFast, double betaSlow, boolean isTruncated) {
    /** Factor on cosine and sine: {@code 0.1 ln(factor) + 1}. */
    double magnitude() {
      return factor <= 1 ? 1 : 0.1 * StrictMath.log(factor) + 1;
    }
  }

  /** {@code base^(-2i / dims)} for every pair. */
  public static double[] plain(double base, int dims) {
    double[] out = new double[dims / 2];
    for (int i = 0; i < out.length; i++) {
      out[i] = StrictMath.pow(base, -2.0 * i / dims);
    }
    return out;
  }

  /** The frequencies divided by one factor, or by one factor each. */
  public static double[] divided(double[] frequencies, float... factors) {
    double[] out = frequencies.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] /= factors.length == 1 ? factors[0] : factors[i];
    }
    return out;
  }

  /** YaRN's blend of interpolated and original frequencies. */
  public static double[] yarn(double[] frequencies, double base, Yarn yarn) {
    int dims = 2 * frequencies.length;
    double low = correction(yarn.betaFast, yarn, base, dims);
    double high = correction(yarn.betaSlow, yarn, base, dims);
    if (yarn.isTruncated) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    low = Math.max(0, low);
    high = Math.min(dims - 1.0, high);
    double[] out = new double[frequencies.length];
    for (int i = 0; i < out.length; i++) {
      double ramp = Math.clamp((i - low) / Math.max(0.001, high - low), 0.0, 1.0);
      out[i] = frequencies[i] * (1 - ramp) + frequencies[i] / yarn.factor * ramp;
    }
    return out;
  }

  // The pair that turns beta times over the original context.
  private static double correction(double beta, Yarn yarn, double base, int dims) {
    return dims
        * StrictMath.log(yarn.originalContext / (beta * 2 * Math.PI))
        / (2 * StrictMath.log(base));
  }

  /**
   * The rope that the metadata of a file asks for.
   *
   * @param base metadata gives it, but some architectures have two
   * @param dims elements of a head that are turned
   * @param factors a divisor per pair, from the file's tensors, or null
   * @param isYarnTruncated what {@code truncate} means where the metadata does not say; GGUF has no
   *     key for it, a file read from {@code config.json} may
   */
  public static Rope read(
      Hyperparameters h,
      RopeStyle style,
      double base,
      int dims,
      float @Nullable [] factors,
      boolean isYarnTruncated) {
    if (!(base > 1)) {
      throw h.invalid("rope.freq_base", base, "a number above 1");
    }
    double[] frequencies = plain(base, dims);
    if (factors != null) {
      if (factors.length != frequencies.length) {
        throw h.invalid(
            "rope.dimension_count", dims, "twice the " + factors.length + " rope factors");
      }
      frequencies = divided(frequencies, factors);
    }
    String type =
        h.metadata()
            .findString(h.key("rope.scaling.type"))
            .orElse("linear")
            .toLowerCase(Locale.ROOT);
    double factor = h.real("rope.scaling.factor", h.real("rope.scale_linear", 0));
    if (factor < 0) {
      throw h.invalid("rope.scaling.factor", factor, "a positive number");
    }
    double magnitude = h.real("rope.scaling.attn_factor", 1);
    return switch (type) {
      case "yarn" -> {
        Yarn yarn =
            new Yarn(
                factor == 0 ? 1 : factor,
                h.optional("rope.scaling.original_context_length", 1, Integer.MAX_VALUE)
                    .orElse(h.contextLength()),
                h.real("rope.scaling.yarn_beta_fast", 32),
                h.real("rope.scaling.yarn_beta_slow", 1),
                h.metadata().findFlag(h.key("rope.scaling.yarn_truncate")).orElse(isYarnTruncated));
        yield new Rope(
            style, yarn(frequencies, base, yarn), (float) (magnitude * yarn.magnitude()));
      }
      case "linear" -> {
        double[] scaled = factor == 0 ? frequencies : divided(frequencies, (float) factor);
        yield new Rope(style, scaled, (float) magnitude);
      }
      case "none", "longrope" -> new Rope(style, frequencies, (float) magnitude);
      default -> throw h.invalid("rope.scaling.type", type, "none, linear, yarn or longrope");
    };
  }
}

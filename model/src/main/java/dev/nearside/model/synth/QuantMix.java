package dev.nearside.model.synth;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantFormats;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which type each weight of a model gets when {@code llama-quantize} is asked for a type: a name
 * such as Q4_K_M stands for a mixture. Types that it has no mixture for here (IQ1 to IQ3 and the
 * like) are written throughout. Left out are the rules for models of exactly 8 experts, of 70B, and
 * for Falcon: {@link SynthShapes} has none of them.
 *
 * <p>Source: {@code llama_tensor_get_type_impl} and {@code tensor_type_fallback} in
 * src/llama-quant.cpp of llama.cpp; without an importance matrix.
 *
 * @param name as users write it
 * @param fileType {@code general.file_type}, {@code llama_ftype} in llama.h
 * @param base the type of most weights
 * @param mixture what the others get
 */
public record QuantMix(String name, int fileType, TensorType base, Mixture mixture) {
  /** The rules that differ from the base type. */
  enum Mixture {
    /** Every weight. */
    PURE,
    /** The head in more bits. */
    HEAD,
    TERNARY,
    MXFP4_EXPERTS,
    IQ4,
    Q2_K,
    Q2_K_S,
    Q3_K_M,
    Q3_K_L,
    Q4_K_S,
    Q4_K_M,
    Q5_K_M
  }

  /**
   * What the rules ask about a model.
   *
   * @param groupSize query heads per key head
   */
  record Model(int layers, int groupSize, boolean isTied) {}

  private static final List<QuantMix> ALL =
      List.of(
          new QuantMix("F32", 0, TensorType.F32, Mixture.PURE),
          new QuantMix("F16", 1, TensorType.F16, Mixture.PURE),
          new QuantMix("BF16", 32, TensorType.BF16, Mixture.PURE),
          new QuantMix("Q8_0", 7, TensorType.Q8_0, Mixture.HEAD),
          new QuantMix("Q6_K", 18, TensorType.Q6_K, Mixture.HEAD),
          new QuantMix("Q5_0", 8, TensorType.Q5_0, Mixture.HEAD),
          new QuantMix("Q5_1", 9, TensorType.Q5_1, Mixture.HEAD),
          new QuantMix("Q5_K_M", 17, TensorType.Q5_K, Mixture.Q5_K_M),
          new QuantMix("Q5_K_S", 16, TensorType.Q5_K, Mixture.HEAD),
          new QuantMix("Q4_0", 2, TensorType.Q4_0, Mixture.HEAD),
          new QuantMix("Q4_1", 3, TensorType.Q4_1, Mixture.HEAD),
          new QuantMix("Q4_K_M", 15, TensorType.Q4_K, Mixture.Q4_K_M),
          new QuantMix("Q4_K_S", 14, TensorType.Q4_K, Mixture.Q4_K_S),
          new QuantMix("IQ4_NL", 25, TensorType.IQ4_NL, Mixture.IQ4),
          new QuantMix("IQ4_XS", 30, TensorType.IQ4_XS, Mixture.IQ4),
          new QuantMix("MXFP4", 38, TensorType.MXFP4, Mixture.MXFP4_EXPERTS),
          new QuantMix("Q3_K_L", 13, TensorType.Q3_K, Mixture.Q3_K_L),
          new QuantMix("Q3_K_M", 12, TensorType.Q3_K, Mixture.Q3_K_M),
          new QuantMix("Q3_K_S", 11, TensorType.Q3_K, Mixture.HEAD),
          new QuantMix("Q2_K", 10, TensorType.Q2_K, Mixture.Q2_K),
          new QuantMix("Q2_K_S", 21, TensorType.Q2_K, Mixture.Q2_K_S),
          new QuantMix("TQ2_0", 37, TensorType.TQ2_0, Mixture.TERNARY),
          new QuantMix("TQ1_0", 36, TensorType.TQ1_0, Mixture.TERNARY));

  /** What llama.cpp writes when it can't name a file's type. */
  private static final int GUESSED = 1024;

  /** The mixtures, from the most bits to the fewest. */
  public static List<QuantMix> all() {
    return ALL;
  }

  /**
   * The mixture or type with this name, in any case; Q3_K, Q4_K, Q5_K are the medium ones.
   *
   * @throws ModelException when there is none
   */
  public static QuantMix of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String wanted =
        switch (upper) {
          case "Q3_K", "Q4_K", "Q5_K" -> upper + "_M";
          case "MXFP4_MOE" -> "MXFP4";
          default -> upper;
        };
    Optional<QuantMix> known = ALL.stream().filter(m -> m.name.equals(wanted)).findFirst();
    return known
        .or(() ->
            TensorType.ofName(wanted)
                .filter(type -> QuantFormats.decoder(type).isPresent() && isWeightType(type))
                .map(type -> new QuantMix(wanted, GUESSED, type, Mixture.PURE)))
        .orElseThrow(() ->
            new ModelException(
                Fault.of("no such quantisation")
                    .got("'" + name + "'")
                    .expected("one of " + names())));
  }

  /** Every name that {@link #of} takes but for its aliases. */
  public static List<String> names() {
    Stream<String> others =
        Arrays.stream(TensorType.values())
            .filter(t -> isWeightType(t) && QuantFormats.decoder(t).isPresent())
            .map(TensorType::name)
            .filter(n -> !n.matches("Q[345]_K"))
            .filter(n -> ALL.stream().noneMatch(m -> m.name.equals(n)));
    return Stream.concat(ALL.stream().map(QuantMix::name), others).toList();
  }

  // Q8_1 and Q8_K are for activations, F64 is for nobody.
  private static boolean isWeightType(TensorType type) {
    return type != TensorType.Q8_1 && type != TensorType.Q8_K && type != TensorType.F64;
  }

  /** The type of a weight matrix. */
  TensorType typeFor(SynthTensor tensor, Model model) {
    long cols = tensor.shape()[tensor.shape().length - 1];
    return fallback(wanted(tensor, model, cols), cols);
  }

  private TensorType wanted(SynthTensor tensor, Model model, long cols) {
    if (mixture == Mixture.PURE) {
      return base;
    }
    String name = tensor.name();
    if (name.equals("output.weight") || (model.isTied && name.equals("token_embd.weight"))) {
      return head(cols);
    }
    if (mixture == Mixture.MXFP4_EXPERTS) {
      return tensor.shape().length > 2 ? TensorType.MXFP4 : TensorType.Q8_0;
    }
    if (name.equals("token_embd.weight")) {
      return mixture == Mixture.TERNARY ? TensorType.Q4_K : base;
    }
    String[] parts = name.split("\\.", -1);
    return inBlock(parts[2], Integer.parseInt(parts[1]), model);
  }

  private TensorType head(long cols) {
    if (mixture == Mixture.MXFP4_EXPERTS || cols % base.blockElems() != 0) {
      return TensorType.Q8_0;
    }
    return base == TensorType.Q8_0 ? base : TensorType.Q6_K;
  }

  private TensorType inBlock(String part, int layer, Model model) {
    return switch (part) {
      // A fused matrix counts as attn_v: its own rule stands further down and is never reached.
      case "attn_v", "attn_qkv" -> valueType(layer, model);
      case "attn_output" ->
          switch (mixture) {
            case Q2_K -> TensorType.Q3_K;
            case Q3_K_M -> TensorType.Q4_K;
            case Q3_K_L -> TensorType.Q5_K;
            default -> base;
          };
      case "ffn_down", "ffn_down_exps" -> downType(layer, model);
      default -> base;
    };
  }

  private TensorType valueType(int layer, Model model) {
    boolean isGrouped = model.groupSize >= 4;
    return switch (mixture) {
      case Q2_K -> isGrouped ? TensorType.Q4_K : TensorType.Q3_K;
      case Q2_K_S -> isGrouped ? TensorType.Q4_K : base;
      case Q3_K_M -> layer < 2 ? TensorType.Q5_K : TensorType.Q4_K;
      case Q3_K_L -> TensorType.Q5_K;
      case IQ4 -> isGrouped ? TensorType.Q5_K : base;
      case Q4_K_M, Q5_K_M -> usesMoreBits(layer, model.layers) ? TensorType.Q6_K : base;
      case Q4_K_S -> layer < 4 ? TensorType.Q5_K : base;
      default -> base;
    };
  }

  private TensorType downType(int layer, Model model) {
    boolean isEarly = layer < model.layers / 8;
    return switch (mixture) {
      case Q2_K -> TensorType.Q3_K;
      case Q2_K_S -> isEarly ? TensorType.Q4_K : base;
      case Q3_K_M -> layer < model.layers / 16 ? TensorType.Q5_K : TensorType.Q4_K;
      case Q3_K_L -> TensorType.Q5_K;
      case IQ4, Q4_K_S -> isEarly ? TensorType.Q5_K : base;
      case Q4_K_M, Q5_K_M -> usesMoreBits(layer, model.layers) ? TensorType.Q6_K : base;
      default -> base;
    };
  }

  private static boolean usesMoreBits(int layer, int layers) {
    return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
  }

  private static TensorType fallback(TensorType wanted, long cols) {
    if (cols % wanted.blockElems() == 0) {
      return wanted;
    }
    TensorType smaller =
        switch (wanted) {
          case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ4_XS -> TensorType.IQ4_NL;
          case Q2_0, Q2_K, Q3_K, TQ1_0, TQ2_0 -> TensorType.Q4_0;
          case Q4_K -> TensorType.Q5_0;
          case Q5_K -> TensorType.Q5_1;
          case Q6_K -> TensorType.Q8_0;
          default -> TensorType.F16;
        };
    return cols % smaller.blockElems() == 0 ? smaller : TensorType.F16;
  }
}

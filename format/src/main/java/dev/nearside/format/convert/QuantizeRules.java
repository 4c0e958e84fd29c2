package dev.nearside.format.convert;

import dev.nearside.format.TensorInfo;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantFormats;
import java.util.List;
import java.util.Set;

/**
 * Which tensors are rewritten, and as what: every weight in the wanted type, as {@code
 * llama-quantize --pure} does. What is small, delicate or not a weight stays as it is.
 *
 * <p>Source: {@code tensor_allows_quantization} and {@code tensor_type_fallback} in
 * src/llama-quant.cpp of llama.cpp. It differs in two ways: a tensor of integers is left alone
 * where that one gives up, and a row that does not fit blocks of 32 becomes F16 for all types.
 */
final class QuantizeRules {
  /** Tensors with one of these in their names stay as they are. */
  private static final List<String> KEPT_PARTS =
      List.of(
          "_norm.weight",
          // expert routing
          "ffn_gate_inp.weight",
          "ffn_gate_tid2eid.weight",
          // Gemma 3n: tiny, or not worth it
          "altup",
          "laurel",
          "per_layer_model_proj",
          // convolutions of Mamba, Kimi, LFM2
          "ssm_conv1d",
          "shortconv.conv.weight",
          // MiniMax's indexer
          "indexer.k_proj.weight",
          "indexer.q_proj.weight",
          // RWKV's small 2-D weights
          "time_mix_first.weight",
          "time_mix_w0.weight",
          "time_mix_w1.weight",
          "time_mix_w2.weight",
          "time_mix_v0.weight",
          "time_mix_v1.weight",
          "time_mix_v2.weight",
          "time_mix_a0.weight",
          "time_mix_a1.weight",
          "time_mix_a2.weight",
          "time_mix_g1.weight",
          "time_mix_g2.weight",
          "time_mix_decay_w1.weight",
          "time_mix_decay_w2.weight",
          "time_mix_lerp_fused.weight",
          // T5's relative positions
          "attn_rel_b.weight",
          // vision and audio
          ".position_embd",
          "sam.pos_embd",
          "sam.neck.",
          "sam.net_",
          ".rel_pos",
          ".patch_embd",
          ".patch_merger",
          "a.rvq.codebook",
          "mm.a.code_embd");

  /** BERT's positions and token types. */
  private static final Set<String> KEPT_NAMES =
      Set.of("position_embd.weight", "token_types.weight");

  private QuantizeRules() {}

  /** The type that {@code tensor} gets when {@code wanted} is asked for. */
  static TensorType typeFor(TensorInfo tensor, TensorType wanted) {
    if (!isWeight(tensor) || QuantFormats.decoder(tensor.type()).isEmpty()) {
      return tensor.type();
    }
    return fits(tensor, wanted) ? wanted : fallback(tensor, wanted);
  }

  private static boolean isWeight(TensorInfo tensor) {
    String name = tensor.name();
    return isMatrix(tensor)
        && name.endsWith("weight")
        && !KEPT_NAMES.contains(name)
        && KEPT_PARTS.stream().noneMatch(name::contains);
  }

  /** At least two dimensions when leading ones are not counted. */
  private static boolean isMatrix(TensorInfo tensor) {
    return tensor.dims() >= 2 && tensor.rows() > 1;
  }

  private static boolean fits(TensorInfo tensor, TensorType type) {
    return tensor.cols() % type.blockElems() == 0;
  }

  private static TensorType fallback(TensorInfo tensor, TensorType wanted) {
    boolean isTernary = wanted == TensorType.TQ1_0 || wanted == TensorType.TQ2_0;
    return isTernary && fits(tensor, TensorType.Q4_0) ? TensorType.Q4_0 : TensorType.F16;
  }
}

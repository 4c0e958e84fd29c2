package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.safetensors.SafetensorsFile;
import dev.nearside.model.ModelException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tensors of an encoder's folder under GGUF's names. */
final class HfEncoderTensors {
  private static final Pattern LAYER =
      Pattern.compile(
          "(?:encoder\\.layers?|transformer\\.layer|layers)\\.(\\d{1,5})\\.(.+)\\.(weight|bias)");

  private static final Map<String, String> OUTSIDE =
      Map.ofEntries(
          Map.entry("embeddings.word_embeddings", "token_embd"),
          Map.entry("embeddings.position_embeddings", "position_embd"),
          Map.entry("embeddings.token_type_embeddings", "token_types"),
          Map.entry("embeddings.LayerNorm", "token_embd_norm"),
          // NomicBERT
          Map.entry("emb_ln", "token_embd_norm"),
          // ModernBERT
          Map.entry("embeddings.tok_embeddings", "token_embd"),
          Map.entry("embeddings.norm", "token_embd_norm"),
          Map.entry("final_norm", "output_norm"));

  private static final Map<String, String> INSIDE =
      Map.ofEntries(
          Map.entry("attention.self.query", "attn_q"),
          Map.entry("attention.self.key", "attn_k"),
          Map.entry("attention.self.value", "attn_v"),
          Map.entry("attention.output.dense", "attn_output"),
          Map.entry("attention.output.LayerNorm", "attn_output_norm"),
          Map.entry("intermediate.dense", "ffn_up"),
          Map.entry("output.dense", "ffn_down"),
          Map.entry("output.LayerNorm", "layer_output_norm"),
          // DistilBERT
          Map.entry("attention.q_lin", "attn_q"),
          Map.entry("attention.k_lin", "attn_k"),
          Map.entry("attention.v_lin", "attn_v"),
          Map.entry("attention.out_lin", "attn_output"),
          Map.entry("sa_layer_norm", "attn_output_norm"),
          Map.entry("ffn.lin1", "ffn_up"),
          Map.entry("ffn.lin2", "ffn_down"),
          Map.entry("output_layer_norm", "layer_output_norm"),
          // NomicBERT
          Map.entry("attn.out_proj", "attn_output"),
          Map.entry("norm1", "attn_output_norm"),
          Map.entry("mlp.fc11", "ffn_up"),
          Map.entry("mlp.fc12", "ffn_gate"),
          Map.entry("mlp.fc2", "ffn_down"),
          Map.entry("norm2", "layer_output_norm"),
          // NomicBERT, ModernBERT
          Map.entry("attn.Wqkv", "attn_qkv"),
          // ModernBERT
          Map.entry("attn_norm", "attn_norm"),
          Map.entry("attn.Wo", "attn_output"),
          Map.entry("mlp_norm", "ffn_norm"),
          Map.entry("mlp.Wi", "ffn_up"),
          Map.entry("mlp.Wo", "ffn_down"));

  /** Heads: names without the family's prefix, of classifiers alone. */
  private static final Map<String, String> HEAD =
      Map.of(
          "pooler.dense", "cls",
          "pre_classifier", "cls",
          "classifier", "cls.output",
          "classifier.dense", "cls",
          "classifier.out_proj", "cls.output",
          "head.dense", "cls",
          "head.norm", "cls.norm");

  private final HfEncoderFamily family;
  private final HfConfig config;
  private final SafetensorsFile file;
  private final boolean isClassifier;
  private final Map<String, HfTensor> out = new LinkedHashMap<>();

  HfEncoderTensors(HfEncoderFamily family, HfConfig config, SafetensorsFile file) {
    this.family = family;
    this.config = config;
    this.file = file;
    this.isClassifier = HfEncoderFamily.isClassifier(config);
  }

  Map<String, HfTensor> all() {
    for (TensorInfo info : file.tensors()) {
      toGguf(info.name()).ifPresent(name -> take(name, info));
    }
    return out;
  }

  private Optional<String> toGguf(String stored) {
    String name =
        stored.startsWith(family.prefix()) ? stored.substring(family.prefix().length()) : stored;
    // Checkpoints that began as TensorFlow's.
    name = name.replace("LayerNorm.gamma", "LayerNorm.weight");
    name = name.replace("LayerNorm.beta", "LayerNorm.bias");
    Matcher m = LAYER.matcher(name);
    if (m.matches()) {
      return Optional.ofNullable(INSIDE.get(m.group(2)))
          .map(part -> "blk." + m.group(1) + "." + part + "." + m.group(3));
    }
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String part = name.substring(0, dot);
    String found = OUTSIDE.get(part);
    if (found == null && isClassifier) {
      found = HEAD.get(part);
    }
    String kind = name.substring(dot);
    return found == null || !(kind.equals(".weight") || kind.equals(".bias"))
        ? Optional.empty()
        : Optional.of(found + kind);
  }

  private void take(String name, TensorInfo info) {
    if (family == HfEncoderFamily.ROBERTA && name.equals("position_embd.weight")) {
      addPositions(name, info);
    } else {
      add(name, info, info.shape(), () -> file.data(info));
    }
  }

  // The first rows stand for padding.
  private void addPositions(String name, TensorInfo info) {
    int offset = HfEncoderMetadata.positionOffset(config);
    long[] shape = info.shape();
    if (offset < 0 || shape.length != 2 || shape[0] <= offset) {
      throw new ModelException(
          Fault.of("there are no positions left after those of padding")
              .got(shape[0] + " rows, " + offset + " of them padding")
              .where("tensor " + info.name()));
    }
    long skipped = info.type().bytes(shape[1]) * offset;
    shape[0] -= offset;
    add(name, info, shape, () -> file.data(info).asSlice(skipped));
  }

  private void add(String name, TensorInfo info, long[] shape, Supplier<MemorySegment> data) {
    out.put(name, new HfTensor(TensorInfo.sized(name, info.type(), shape, 0, 0), data));
  }
}

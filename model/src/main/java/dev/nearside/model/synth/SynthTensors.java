package dev.nearside.model.synth;

import static dev.nearside.model.synth.SynthTensor.Kind.BIAS;
import static dev.nearside.model.synth.SynthTensor.Kind.MATRIX;
import static dev.nearside.model.synth.SynthTensor.Kind.NORM;
import static dev.nearside.model.synth.SynthTensor.Kind.PRECISE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which tensors a model of a shape has, under the names and in the order of llama.cpp's converter.
 */
final class SynthTensors {
  private static final Set<String> HEAD_NORMS = Set.of("qwen3", "qwen3moe", "gemma3");
  private static final Set<String> POST_NORMS = Set.of("gemma2", "gemma3");

  private final SynthShape shape;
  private final SynthShape.Size size;
  private final List<SynthTensor> out = new ArrayList<>();

  private SynthTensors(SynthShape shape) {
    this.shape = shape;
    this.size = shape.size();
  }

  static List<SynthTensor> of(SynthShape shape) {
    SynthTensors all = new SynthTensors(shape);
    int hidden = shape.size().hidden();
    all.add("token_embd.weight", MATRIX, shape.vocabSize(), hidden);
    all.add("output_norm.weight", NORM, hidden);
    if (!shape.isTied()) {
      all.add("output.weight", MATRIX, shape.vocabSize(), hidden);
    }
    for (int i = 0; i < shape.size().layers(); i++) {
      all.attention("blk." + i + ".");
      all.feedForward("blk." + i + ".");
    }
    return List.copyOf(all.out);
  }

  private void attention(String blk) {
    int hidden = size.hidden();
    int q = size.heads() * size.headDim();
    int kv = size.kvHeads() * size.headDim();
    boolean isGptOss = shape.architecture().equals("gpt-oss");
    boolean hasBias = isGptOss || shape.architecture().equals("qwen2");
    add(blk + "attn_norm.weight", NORM, hidden);
    if (shape.architecture().equals("phi3")) {
      add(blk + "attn_qkv.weight", MATRIX, q + 2L * kv, hidden);
    } else {
      linear(blk + "attn_q", q, hidden, hasBias);
      linear(blk + "attn_k", kv, hidden, hasBias);
      linear(blk + "attn_v", kv, hidden, hasBias);
    }
    linear(blk + "attn_output", hidden, q, isGptOss);
    if (HEAD_NORMS.contains(shape.architecture())) {
      add(blk + "attn_q_norm.weight", NORM, size.headDim());
      add(blk + "attn_k_norm.weight", NORM, size.headDim());
    }
    if (isGptOss) {
      add(blk + "attn_sinks.weight", BIAS, size.heads());
    }
  }

  private void feedForward(String blk) {
    int hidden = size.hidden();
    int ffn = size.ffn();
    boolean hasPostNorms = POST_NORMS.contains(shape.architecture());
    boolean isGptOss = shape.architecture().equals("gpt-oss");
    if (hasPostNorms || isGptOss) {
      add(blk + "post_attention_norm.weight", NORM, hidden);
    }
    if (!isGptOss) {
      add(blk + "ffn_norm.weight", NORM, hidden);
    }
    if (size.experts() > 0) {
      experts(blk, isGptOss);
    } else if (shape.architecture().equals("phi3")) {
      add(blk + "ffn_up.weight", MATRIX, 2L * ffn, hidden);
      add(blk + "ffn_down.weight", MATRIX, hidden, ffn);
    } else {
      add(blk + "ffn_gate.weight", MATRIX, ffn, hidden);
      add(blk + "ffn_up.weight", MATRIX, ffn, hidden);
      add(blk + "ffn_down.weight", MATRIX, hidden, ffn);
    }
    if (hasPostNorms) {
      add(blk + "post_ffw_norm.weight", NORM, hidden);
    }
  }

  private void experts(String blk, boolean hasBias) {
    int experts = size.experts();
    add(blk + "ffn_gate_inp.weight", PRECISE, experts, size.hidden());
    add(blk + "ffn_gate_exps.weight", MATRIX, experts, size.ffn(), size.hidden());
    add(blk + "ffn_up_exps.weight", MATRIX, experts, size.ffn(), size.hidden());
    add(blk + "ffn_down_exps.weight", MATRIX, experts, size.hidden(), size.ffn());
    if (hasBias) {
      add(blk + "ffn_gate_inp.bias", BIAS, experts);
      add(blk + "ffn_gate_exps.bias", BIAS, experts, size.ffn());
      add(blk + "ffn_up_exps.bias", BIAS, experts, size.ffn());
      add(blk + "ffn_down_exps.bias", BIAS, experts, size.hidden());
    }
  }

  private void linear(String name, long rows, long cols, boolean hasBias) {
    add(name + ".weight", MATRIX, rows, cols);
    if (hasBias) {
      add(name + ".bias", BIAS, rows);
    }
  }

  private void add(String name, SynthTensor.Kind kind, long... dims) {
    out.add(new SynthTensor(name, kind, dims));
  }
}

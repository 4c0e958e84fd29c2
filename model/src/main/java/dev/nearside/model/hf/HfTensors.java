package dev.nearside.model.hf;

import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.safetensors.SafetensorsFile;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The tensors of a folder under GGUF's names and in GGUF's order. */
final class HfTensors {
  private static final Set<String> BARE = Set.of("embed_tokens.weight", "norm.weight");

  private final HfFamily family;
  private final Metadata metadata;
  private final SafetensorsFile file;
  private final HfRope rope;
  private final Map<String, HfTensor> out = new LinkedHashMap<>();

  HfTensors(HfFamily family, Metadata metadata, SafetensorsFile file, HfRope rope) {
    this.family = family;
    this.metadata = metadata;
    this.file = file;
    this.rope = rope;
  }

  Map<String, HfTensor> all() {
    for (TensorInfo info : file.tensors()) {
      HfNames.toGguf(family, plainName(info.name())).ifPresent(name -> take(name, info));
    }
    new HfExperts(family, file).addTo(out);
    rope.factors().forEach(this::factors);
    return out;
  }

  // Multimodal models keep the text model one level down.
  static String plainName(String name) {
    String out = name.startsWith("language_model.") ? name.substring(15) : name;
    // Models saved without their output head have no prefix.
    boolean isBare = out.startsWith("layers.") || BARE.contains(out);
    return out.startsWith("model.language_model.")
        ? "model." + out.substring(21)
        : isBare ? "model." + out : out;
  }

  private void take(String name, TensorInfo info) {
    if (family.hasOffsetNorms() && name.endsWith("norm.weight")) {
      add(name, TensorType.F32, info.shape(), () -> Reorder.plusOne(info, file.data(info)));
    } else if (family.isPermuted() && isRotated(name)) {
      int heads = heads(name);
      add(
          name,
          info.type(),
          info.shape(),
          () -> Reorder.interleaveHalves(info, file.data(info), heads));
    } else {
      add(name, info.type(), info.shape(), () -> file.data(info));
    }
  }

  private static boolean isRotated(String name) {
    return name.contains(".attn_q.") || name.contains(".attn_k.");
  }

  private int heads(String name) {
    String key = name.contains(".attn_q.") ? "attention.head_count" : "attention.head_count_kv";
    return metadata.int32(family.architecture() + "." + key);
  }

  private void factors(String name, float[] values) {
    add(
        name,
        TensorType.F32,
        new long[] {values.length},
        () -> {
          MemorySegment copy = Arena.ofAuto().allocate(4L * values.length, 4);
          MemorySegment.copy(values, 0, copy, Reorder.FLOAT, 0, values.length);
          return copy;
        });
  }

  private void add(String name, TensorType type, long[] shape, Supplier<MemorySegment> data) {
    out.put(name, new HfTensor(TensorInfo.sized(name, type, shape, 0, 0), data));
  }
}

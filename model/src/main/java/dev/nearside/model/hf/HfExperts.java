package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.safetensors.SafetensorsFile;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Experts as GGUF stores them: one tensor {@code (experts, rows, cols)} per layer and projection.
 * Folders have a tensor per expert, or gate and up in one tensor (Qwen3-MoE: one half after the
 * other; gpt-oss: alternating, and transposed unless it is MXFP4).
 */
final class HfExperts {
  private static final Pattern SINGLE =
      Pattern.compile(
          "model\\.layers\\.(\\d{1,5})\\.mlp\\.experts\\.(\\d{1,5})\\.(gate|up|down)_proj\\.weight");
  private static final Pattern FUSED =
      Pattern.compile(
          "model\\.layers\\.(\\d{1,5})\\.mlp\\.experts\\.(gate_up_proj|down_proj)(_blocks|_bias|)");

  private final HfFamily family;
  private final SafetensorsFile file;

  HfExperts(HfFamily family, SafetensorsFile file) {
    this.family = family;
    this.file = file;
  }

  void addTo(Map<String, HfTensor> out) {
    Map<String, TreeMap<Integer, TensorInfo>> singles = new LinkedHashMap<>();
    for (TensorInfo info : file.tensors()) {
      String name = HfTensors.plainName(info.name());
      Matcher single = SINGLE.matcher(name);
      Matcher fused = FUSED.matcher(name);
      if (single.matches()) {
        String target = "blk." + single.group(1) + ".ffn_" + single.group(3) + "_exps.weight";
        singles
            .computeIfAbsent(target, key -> new TreeMap<>())
            .put(Integer.valueOf(single.group(2)), info);
      } else if (fused.matches()) {
        addFused(out, "blk." + fused.group(1) + ".", fused.group(2), fused.group(3), info);
      }
    }
    singles.forEach((name, parts) -> out.put(name, stacked(name, new ArrayList<>(parts.values()))));
  }

  private HfTensor stacked(String name, List<TensorInfo> parts) {
    TensorInfo first = parts.getFirst();
    for (TensorInfo part : parts) {
      if (part.type() != first.type() || part.bytes() != first.bytes()) {
        throw new ModelException(
            Fault.of("experts of one layer differ").where("tensor " + part.name()));
      }
    }
    long[] shape = {parts.size(), first.dim(0), first.dim(1)};
    return tensor(
        name,
        first.type(),
        shape,
        () -> {
          MemorySegment all = Arena.ofAuto().allocate(first.bytes() * parts.size(), 64);
          for (int e = 0; e < parts.size(); e++) {
            MemorySegment.copy(file.data(parts.get(e)), 0, all, e * first.bytes(), first.bytes());
          }
          return all;
        });
  }

  private void addFused(
      Map<String, HfTensor> out, String block, String part, String kind, TensorInfo info) {
    boolean isGptOss = family == HfFamily.GPT_OSS;
    String suffix = kind.equals("_bias") ? ".bias" : ".weight";
    if (part.equals("down_proj")) {
      String name = block + "ffn_down_exps" + suffix;
      out.put(name, whole(name, kind, info, isGptOss));
      return;
    }
    for (int which = 0; which < 2; which++) {
      String name = block + (which == 0 ? "ffn_gate_exps" : "ffn_up_exps") + suffix;
      out.put(name, half(name, kind, info, which, isGptOss));
    }
  }

  private HfTensor whole(String name, String kind, TensorInfo info, boolean isGptOss) {
    if (kind.equals("_blocks")) {
      return mxfp4(name, info, 0, 1);
    }
    if (isGptOss && kind.isEmpty()) {
      return new Transposed(info, 0, 1).as(name, file);
    }
    return tensor(name, info.type(), info.shape(), () -> file.data(info));
  }

  private HfTensor half(String name, String kind, TensorInfo info, int which, boolean isGptOss) {
    if (kind.equals("_blocks")) {
      return mxfp4(name, info, which, 2);
    }
    if (isGptOss && kind.isEmpty()) {
      return new Transposed(info, which, 2).as(name, file);
    }
    long rows = info.dim(1) / 2;
    long[] shape = info.shape();
    shape[1] = rows;
    long rowBytes = info.bytes() / info.dim(0) / info.dim(1);
    return tensor(
        name,
        info.type(),
        shape,
        () -> {
          MemorySegment from = file.data(info);
          MemorySegment all = Arena.ofAuto().allocate(info.bytes() / 2, 64);
          for (long e = 0; e < info.dim(0); e++) {
            for (long r = 0; r < rows; r++) {
              long source = e * 2 * rows + (isGptOss ? 2 * r + which : which * rows + r);
              MemorySegment.copy(from, source * rowBytes, all, (e * rows + r) * rowBytes, rowBytes);
            }
          }
          return all;
        });
  }

  // gpt-oss: transposed experts (experts, in, out), every step-th output row from `first`.
  private record Transposed(TensorInfo info, int first, int step) {
    HfTensor as(String name, SafetensorsFile file) {
      long in = info.dim(1);
      long rows = info.dim(2) / step;
      long[] shape = {info.dim(0), rows, in};
      int bytes = info.type().blockBytes();
      return tensor(
          name,
          info.type(),
          shape,
          () -> {
            MemorySegment from = file.data(info);
            MemorySegment all = Arena.ofAuto().allocate(info.dim(0) * rows * in * bytes, 64);
            long at = 0;
            for (long e = 0; e < info.dim(0); e++) {
              for (long r = 0; r < rows; r++) {
                for (long c = 0; c < in; c++, at += bytes) {
                  long source = ((e * in + c) * info.dim(2) + r * step + first) * bytes;
                  MemorySegment.copy(from, source, all, at, bytes);
                }
              }
            }
            return all;
          });
    }
  }

  // gpt-oss: 16 bytes of adjacent nibble pairs per block, the exponents in a tensor of their own.
  private HfTensor mxfp4(String name, TensorInfo blocks, int first, int step) {
    TensorInfo scales = file.get(blocks.name().replace("_blocks", "_scales"));
    long experts = blocks.dim(0);
    long rows = blocks.dim(1) / step;
    long perRow = blocks.dim(2);
    if (scales.elems() != experts * blocks.dim(1) * perRow || blocks.dim(3) != 16) {
      throw new ModelException(
          Fault.of("MXFP4 blocks and scales do not match").where("tensor " + blocks.name()));
    }
    return tensor(
        name,
        TensorType.MXFP4,
        new long[] {experts, rows, perRow * 32},
        () -> {
          MemorySegment codes = file.data(blocks);
          MemorySegment exponents = file.data(scales);
          MemorySegment all = Arena.ofAuto().allocate(experts * rows * perRow * 17, 64);
          long at = 0;
          for (long e = 0; e < experts; e++) {
            for (long r = 0; r < rows; r++) {
              long row = (e * blocks.dim(1) + r * step + first) * perRow;
              for (long b = 0; b < perRow; b++, at += 17) {
                all.set(ValueLayout.JAVA_BYTE, at, exponents.get(ValueLayout.JAVA_BYTE, row + b));
                splitNibbles(codes, (row + b) * 16, all, at + 1);
              }
            }
          }
          return all;
        });
  }

  // Elements 2i, 2i+1 share a byte in the folder; elements i, i+16 do in GGUF.
  private static void splitNibbles(MemorySegment from, long source, MemorySegment to, long at) {
    for (int i = 0; i < 16; i++) {
      int low = nibble(from, source, i);
      int high = nibble(from, source, i + 16);
      to.set(ValueLayout.JAVA_BYTE, at + i, (byte) (low | high << 4));
    }
  }

  private static int nibble(MemorySegment from, long source, int element) {
    int pair = from.get(ValueLayout.JAVA_BYTE, source + element / 2);
    return element % 2 == 0 ? pair & 15 : pair >> 4 & 15;
  }

  private static HfTensor tensor(
      String name, TensorType type, long[] shape, Supplier<MemorySegment> data) {
    return new HfTensor(TensorInfo.sized(name, type, shape, 0, 0), data);
  }
}

package dev.nearside.model.synth;

import dev.nearside.format.MetaValue;
import dev.nearside.format.TensorSource;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF models with random weights. Weights have the deviation {@code 1 / sqrt(inputs)}, so
 * that a model's activations stay as large as a real one's. The same shape, types and seed give the
 * same file everywhere. Memory stays at a few MB.
 */
public final class Synth {
  /** Hears how far the work is. An exception that it throws stops the work. */
  @FunctionalInterface
  public interface Progress {
    /** Does nothing. */
    Progress NONE = (done, all) -> {};

    /**
     * @param bytesDone tensor bytes written
     * @param bytesTotal tensor bytes
     */
    void at(long bytesDone, long bytesTotal);
  }

  /**
   * What was written.
   *
   * @param parameters number of weights
   * @param tensorBytes bytes of the tensors
   */
  public record Report(int tensors, long parameters, long tensorBytes) {}

  private static final int QUANTIZATION_VERSION = 2;
  private static final int CHUNK_BYTES = 4 << 20;
  private static final double BIAS_DEVIATION = 0.02;

  private final SynthShape shape;
  private final QuantMix mix;
  private final long seed;
  private final Progress progress;
  private final MemorySegment chunk = MemorySegment.ofArray(new byte[CHUNK_BYTES]);
  private long done;
  private long total;

  private Synth(SynthShape shape, QuantMix mix, long seed, Progress progress) {
    this.shape = shape;
    this.mix = mix;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * Writes a model; an existing file is replaced, once the new one is whole.
   *
   * @throws dev.nearside.format.FormatException when the file can't be written
   */
  public static Report write(
      SynthShape shape, QuantMix mix, Path target, long seed, Progress progress) {
    return new Synth(shape, mix, seed, progress).write(target);
  }

  private Report write(Path target) {
    GgufWriter writer = new GgufWriter();
    putKeys(writer);
    SynthVocabulary.of(shape.vocabSize()).put(writer);
    List<SynthTensor> tensors = SynthTensors.of(shape);
    long parameters = 0;
    for (SynthTensor tensor : tensors) {
      TensorType type = type(tensor);
      long elems = Arrays.stream(tensor.shape()).reduce(1, Math::multiplyExact);
      parameters += elems;
      total += type.bytes(elems);
      writer.tensor(tensor.name(), type, tensor.shape(), source(tensor, type, type.bytes(elems)));
    }
    writer.write(target);
    return new Report(tensors.size(), parameters, total);
  }

  private void putKeys(GgufWriter writer) {
    SynthShape.Size size = shape.size();
    String prefix = shape.architecture() + ".";
    writer.put("general.architecture", shape.architecture());
    writer.put("general.type", "model");
    writer.put("general.name", "synth " + shape.name());
    writer.put("general.file_type", MetaValue.uint32(mix.fileType()));
    writer.put("general.quantization_version", MetaValue.uint32(QUANTIZATION_VERSION));
    whole(writer, prefix + "vocab_size", shape.vocabSize());
    whole(writer, prefix + "context_length", shape.contextLength());
    whole(writer, prefix + "embedding_length", size.hidden());
    whole(writer, prefix + "block_count", size.layers());
    whole(writer, prefix + "feed_forward_length", size.ffn() * Math.max(1, size.usedExperts()));
    whole(writer, prefix + "attention.head_count", size.heads());
    whole(writer, prefix + "attention.head_count_kv", size.kvHeads());
    whole(writer, prefix + "attention.key_length", size.headDim());
    whole(writer, prefix + "attention.value_length", size.headDim());
    whole(writer, prefix + "rope.dimension_count", size.headDim());
    writer.put(prefix + "rope.freq_base", MetaValue.float32((float) shape.ropeBase()));
    writer.put(
        prefix + "attention.layer_norm_rms_epsilon", MetaValue.float32((float) shape.normEps()));
    if (size.experts() > 0) {
      whole(writer, prefix + "expert_count", size.experts());
      whole(writer, prefix + "expert_used_count", size.usedExperts());
    }
    shape.keys().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> writer.put(prefix + e.getKey(), e.getValue()));
  }

  private static void whole(GgufWriter writer, String key, int value) {
    writer.put(key, MetaValue.uint32(value));
  }

  private TensorType type(SynthTensor tensor) {
    SynthShape.Size size = shape.size();
    return tensor.kind() == SynthTensor.Kind.MATRIX
        ? mix.typeFor(
            tensor,
            new QuantMix.Model(size.layers(), size.heads() / size.kvHeads(), shape.isTied()))
        : TensorType.F32;
  }

  private TensorSource source(SynthTensor tensor, TensorType type, long bytes) {
    return switch (tensor.kind()) {
      case NORM ->
          sink -> {
            float[] ones = new float[(int) (bytes / Float.BYTES)];
            Arrays.fill(ones, 1f);
            sink.write(MemorySegment.ofArray(ones));
            advance(bytes);
          };
      case BIAS -> random(tensor, type, bytes, BIAS_DEVIATION);
      case MATRIX, PRECISE -> {
        long inputs = tensor.shape()[tensor.shape().length - 1];
        yield random(tensor, type, bytes, 1 / StrictMath.sqrt((double) inputs));
      }
    };
  }

  private TensorSource random(SynthTensor tensor, TensorType type, long bytes, double deviation) {
    return sink -> {
      int whole = CHUNK_BYTES / type.blockBytes() * type.blockBytes();
      long own = seed ^ tensor.name().hashCode() * 0x9e3779b97f4a7c15L;
      for (long at = 0; at < bytes; at += whole) {
        MemorySegment piece = chunk.asSlice(0, Math.min(whole, bytes - at));
        RandomBlocks.fill(type, piece, deviation, own + at);
        sink.write(piece);
        advance(piece.byteSize());
      }
    };
  }

  private void advance(long bytes) {
    done += bytes;
    progress.at(done, total);
  }
}

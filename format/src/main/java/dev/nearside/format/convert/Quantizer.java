package dev.nearside.format.convert;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaValue;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Rewrites the weights of a GGUF model in another tensor type. {@link QuantizeRules} says which
 * tensors; where llama.cpp's {@code llama-quantize --pure} writes the same type, it writes the same
 * bytes. Memory stays at a few MB per thread, whatever the model's size.
 */
public final class Quantizer {
  /** {@code GGML_QNT_VERSION} in ggml.h. */
  private static final long QUANTIZATION_VERSION = 2;

  private static final Map<TensorType, Integer> FILE_TYPES = fileTypes();

  private final int threads;

  /**
   * @param threads how many chunks are converted at the same time, at least 1
   */
  public Quantizer(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: got " + threads + ", expected at least 1");
    }
    this.threads = threads;
  }

  /** The types that a model can be written in. */
  public static Set<TensorType> targets() {
    return FILE_TYPES.keySet();
  }

  /**
   * Reads {@code source} (any part of it, when it is split) and writes {@code target}, one file.
   *
   * @throws FormatException when the source is broken, has a weight that is not finite, is the
   *     target, or when {@code type} is not one of {@link #targets}
   * @throws java.util.concurrent.CancellationException when the thread is interrupted
   */
  public QuantizeReport quantize(
      Path source, Path target, TensorType type, QuantizeProgress progress) {
    Integer fileType = FILE_TYPES.get(type);
    if (fileType == null) {
      throw new FormatException(
          Fault.of("type can't be quantised to").got(type).expected("one of " + targets()));
    }
    try (GgufFile model = GgufFile.open(source);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      checkOther(model, target);
      Job job = new Job(model, new Recoder(pool, threads), progress);
      GgufWriter writer = new GgufWriter().putAll(model.metadata());
      // One file comes out, however many went in.
      model.metadata().keys().stream()
          .filter(key -> key.startsWith("split."))
          .forEach(writer::remove);
      writer.put("general.quantization_version", MetaValue.uint32(QUANTIZATION_VERSION));
      writer.put("general.file_type", MetaValue.uint32(fileType));
      for (TensorInfo tensor : model.tensors()) {
        TensorType to = QuantizeRules.typeFor(tensor, type);
        writer.tensor(tensor.name(), to, tensor.shape(), job.source(tensor, to));
      }
      writer.write(target);
      return job.tally.report();
    }
  }

  /** The state of one run. */
  private static final class Job {
    final GgufFile model;
    final Recoder recoder;
    final QuantizeProgress progress;
    final Tally tally = new Tally();
    final long bytesTotal;
    long bytesDone;

    Job(GgufFile model, Recoder recoder, QuantizeProgress progress) {
      this.model = model;
      this.recoder = recoder;
      this.progress = progress;
      this.bytesTotal = model.tensors().stream().mapToLong(TensorInfo::bytes).sum();
    }

    TensorSource source(TensorInfo tensor, TensorType to) {
      return sink -> {
        if (to == tensor.type()) {
          sink.write(model.data(tensor));
          tally.add(tensor, to, tensor.bytes(), 0, 0);
        } else {
          Recoder.Loss loss =
              recoder.recode(
                  tensor,
                  model.data(tensor),
                  to,
                  sink,
                  elems ->
                      progress.at(
                          tensor.name(), bytesDone + tensor.type().bytes(elems), bytesTotal));
          tally.add(tensor, to, to.bytes(tensor.elems()), loss.error(), loss.power());
        }
        bytesDone += tensor.bytes();
        progress.at(tensor.name(), bytesDone, bytesTotal);
      };
    }
  }

  /** Replacing a file while it is read would leave nothing to compare with. */
  private static void checkOther(GgufFile model, Path target) {
    try {
      for (Path part : model.paths()) {
        if (Files.exists(target) && Files.isSameFile(part, target)) {
          throw new FormatException(
              Fault.of("source and target are the same file")
                  .where(target)
                  .hint("Write to another name."));
        }
      }
    } catch (IOException e) {
      throw new FormatException(Fault.of("file can't be read").got(e).where(target), e);
    }
  }

  /** {@code general.file_type} of each type, from {@code llama_ftype} in llama.h. */
  private static Map<TensorType, Integer> fileTypes() {
    Map<TensorType, Integer> types = new EnumMap<>(TensorType.class);
    types.put(TensorType.F32, 0);
    types.put(TensorType.F16, 1);
    types.put(TensorType.Q4_0, 2);
    types.put(TensorType.Q4_1, 3);
    types.put(TensorType.Q8_0, 7);
    types.put(TensorType.Q5_0, 8);
    types.put(TensorType.Q5_1, 9);
    types.put(TensorType.BF16, 32);
    types.put(TensorType.TQ1_0, 36);
    types.put(TensorType.TQ2_0, 37);
    types.put(TensorType.MXFP4, 38);
    types.keySet().removeIf(type -> QuantFormats.encoder(type).isEmpty());
    return Collections.unmodifiableMap(types);
  }
}

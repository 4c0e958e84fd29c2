package dev.nearside.format.convert;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSink;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantEncoder;
import dev.nearside.tensor.quant.QuantFormat;
import dev.nearside.tensor.quant.QuantFormats;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Decodes a tensor and encodes it in another type, chunk by chunk: some chunks at a time on the
 * threads of a pool, written in order, so that memory stays small and the bytes do not depend on
 * the number of threads.
 */
final class Recoder {
  /** Whole blocks of every type; 1 MiB as float32. */
  static final int CHUNK_ELEMS = 1 << 18;

  /** Sums of squares over a chunk or a tensor: of the difference, and of the original. */
  record Loss(double error, double power) {
    Loss plus(Loss other) {
      return new Loss(error + other.error, power + other.power);
    }
  }

  private record Chunk(MemorySegment bytes, Loss loss) {}

  private final ExecutorService pool;
  private final int chunksAtOnce;

  Recoder(ExecutorService pool, int threads) {
    this.pool = pool;
    this.chunksAtOnce = threads;
  }

  /**
   * Writes {@code tensor} to {@code sink} as {@code target}.
   *
   * @param progress hears how many elements are done
   * @throws FormatException when a value is not finite
   * @throws CancellationException when the thread is interrupted
   */
  Loss recode(
      TensorInfo tensor,
      MemorySegment data,
      TensorType target,
      TensorSink sink,
      LongConsumer progress) {
    Loss loss = new Loss(0, 0);
    long elems = tensor.elems();
    long step = (long) CHUNK_ELEMS * chunksAtOnce;
    for (long start = 0; start < elems; start += step) {
      List<Future<Chunk>> chunks = new ArrayList<>();
      long end = Math.min(elems, start + step);
      for (long at = start; at < end; at += CHUNK_ELEMS) {
        long from = at;
        int count = (int) Math.min(CHUNK_ELEMS, elems - at);
        chunks.add(pool.submit(() -> recodeChunk(tensor, data, target, from, count)));
      }
      for (Chunk chunk : await(chunks)) {
        sink.write(chunk.bytes);
        loss = loss.plus(chunk.loss);
      }
      progress.accept(end);
    }
    return loss;
  }

  private static Chunk recodeChunk(
      TensorInfo tensor, MemorySegment data, TensorType target, long from, int count) {
    float[] original = new float[count];
    QuantFormat decoder = QuantFormats.requireDecoder(tensor.type());
    decoder.decode(
        data, tensor.type().bytes(from), original, 0, count / tensor.type().blockElems());
    double power = 0;
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(original[i])) {
        throw new FormatException(
            Fault.of("weight is not finite")
                .got(original[i])
                .where("tensor " + tensor.name() + ", element " + (from + i)));
      }
      power += (double) original[i] * original[i];
    }
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) target.bytes(count)]);
    QuantEncoder encoder = QuantFormats.requireEncoder(target);
    int blocks = count / target.blockElems();
    encoder.encode(original, 0, bytes, 0, blocks);
    float[] decoded = new float[count];
    QuantFormats.requireDecoder(target).decode(bytes, 0, decoded, 0, blocks);
    double error = 0;
    for (int i = 0; i < count; i++) {
      double difference = (double) decoded[i] - original[i];
      error += difference * difference;
    }
    return new Chunk(bytes, new Loss(error, power));
  }

  /** All results; when one fails, waits for the others first, because they read mapped memory. */
  private static List<Chunk> await(List<Future<Chunk>> futures) {
    List<Chunk> chunks = new ArrayList<>();
    RuntimeException failure = null;
    boolean isInterrupted = false;
    for (Future<Chunk> future : futures) {
      boolean isWaiting = true;
      while (isWaiting) {
        try {
          chunks.add(future.get());
          isWaiting = false;
        } catch (InterruptedException e) {
          isInterrupted = true;
        } catch (ExecutionException e) {
          failure = failure == null ? unwrap(e) : failure;
          isWaiting = false;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
      throw new CancellationException("quantisation was interrupted");
    }
    if (failure != null) {
      throw failure;
    }
    return chunks;
  }

  private static RuntimeException unwrap(ExecutionException e) {
    return switch (e.getCause()) {
      case Error error -> throw error;
      case RuntimeException cause -> cause;
      case null, default -> new IllegalStateException(e);
    };
  }
}

package dev.nearside.model;

import dev.nearside.model.kv.KvStore;
import dev.nearside.model.load.PackedPlace;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A model file opened with certain kernels, fed with one sequence of tokens. */
final class Feeder implements AutoCloseable {
  private static final int CONTEXT = 576;

  private final Compute compute;
  private final LanguageModel model;
  private final KvStore kv;
  private final int[] table;
  private int position;

  private Feeder(Compute compute, LanguageModel model) {
    this.compute = compute;
    this.model = model;
    int blocks = CONTEXT / KvStore.BLOCK;
    this.kv = model.newKvStore(blocks);
    // Blocks of a sequence lie anywhere in the store.
    this.table = IntStream.range(0, blocks).map(i -> (i * 5 + 3) % blocks).toArray();
  }

  /**
   * @param kernels {@code specification}, {@code scalar}, {@code vector}, {@code starting} (plain
   *     loops, then vectors) or {@code reference}; the last keeps keys and values in float32
   */
  static Feeder open(Path file, String kernels, int threads) {
    return open(
        file, kernels, threads, kernels.equals("reference") ? TensorType.F32 : TensorType.F16);
  }

  static Feeder open(Path file, String kernels, int threads, TensorType kvType) {
    Compute compute =
        kernels.equals("starting")
            ? Compute.createStarting("vector", threads, List.of(TensorType.Q4_0), kvType)
            : Compute.create(kernels, threads);
    LoadOptions load = new LoadOptions(CONTEXT, 512, kvType);
    return new Feeder(compute, Models.load(ModelFiles.open(file), compute, load));
  }

  /** On vector kernels, with packed weights kept in {@code place}. */
  static Feeder open(Path file, PackedPlace place) {
    Compute compute = Compute.create("vector", 2);
    LoadOptions load = new LoadOptions(CONTEXT, 512, TensorType.F16, place);
    return new Feeder(compute, Models.load(ModelFiles.open(file), compute, load));
  }

  /** Whether the kernels are not those for the start, or no longer. */
  boolean isFast() {
    return compute.isFast();
  }

  LanguageModel model() {
    return model;
  }

  /** Forgets the sequence. */
  void restart() {
    position = 0;
  }

  /**
   * Feeds {@code ids}, {@code chunk} at a time; the logits after each of the last {@code wanted}.
   */
  float[][] feed(int[] ids, int chunk, int wanted) {
    float[][] out = new float[wanted][];
    int vocab = model.info().vocabSize();
    try (Arena arena = Arena.ofShared()) {
      Floats logits = Floats.allocate(arena, (long) Math.min(chunk, wanted) * vocab);
      for (int from = 0; from < ids.length; from += chunk) {
        int count = Math.min(chunk, ids.length - from);
        int first = ids.length - wanted - from; // whose logits are wanted, in this chunk
        int[] rows = IntStream.range(Math.max(0, Math.min(first, count)), count).toArray();
        int[] positions = IntStream.range(position, position + count).toArray();
        int[] part = Arrays.copyOfRange(ids, from, from + count);
        model.forward(
            new Batch(part, positions, new int[count], new int[][] {table}, rows), kv, logits);
        position += count;
        for (int i = 0; i < rows.length; i++) {
          float[] row = new float[vocab];
          logits.get((long) i * vocab, row, 0, vocab);
          out[rows[i] - first] = row;
        }
      }
    }
    return out;
  }

  @Override
  public void close() {
    kv.close();
    model.close();
    compute.close();
  }
}

package dev.nearside.model.golden;

import dev.nearside.format.TensorFile;
import dev.nearside.model.arch.Architectures;
import dev.nearside.model.kv.KvStore;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.Step;
import dev.nearside.model.layer.Workspace;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.TokenRows;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Runs a whole prompt through a tiny model. */
final class GoldenRunner {
  private final Kernels kernels;
  private final TensorType kvType;

  GoldenRunner(Kernels kernels, TensorType kvType) {
    this.kernels = kernels;
    this.kvType = kvType;
  }

  /** Logits of {@code positions}, {@code chunk} tokens a step. */
  float[] logits(
      TensorFile file, UnaryOperator<Decoder> change, int[] prompt, int[] positions, int chunk) {
    try (Arena arena = Arena.ofShared()) {
      Hyperparameters h = new Hyperparameters(file.metadata());
      Weights weights = new Weights(file, kernels, arena);
      Decoder decoder =
          change.apply(Architectures.of(h.architecture()).build(h, weights, prompt.length));
      Workspace workspace = Workspace.allocate(kernels, arena, chunk, shape(decoder));
      int vocab = decoder.head().rows();
      Floats out = Floats.allocate(arena, (long) chunk * vocab);
      List<KvStore.Shape> kvShapes = new ArrayList<>();
      decoder.blocks().forEach(b -> kvShapes.add(kvShape(b.attention().spec())));
      float[] all = new float[positions.length * vocab];
      try (KvStore kv = new KvStore(kvShapes, kvType, 4)) {
        for (int from = 0; from < prompt.length; from += chunk) {
          int count = Math.min(chunk, prompt.length - from);
          int[] ids = Arrays.copyOfRange(prompt, from, from + count);
          int start = from;
          int[] at = IntStream.range(0, count).map(i -> start + i).toArray();
          TokenRows rows = new TokenRows(count, at, new int[count], new int[][] {{2, 0, 1}});
          int[] wanted =
              IntStream.range(0, count)
                  .filter(i -> Arrays.binarySearch(positions, start + i) >= 0)
                  .toArray();
          decoder.forward(new Step(kernels, rows, kv, workspace), ids, wanted, out);
          for (int i = 0; i < wanted.length; i++) {
            int row = Arrays.binarySearch(positions, start + wanted[i]);
            out.get((long) i * vocab, all, row * vocab, vocab);
          }
        }
      }
      return all;
    } finally {
      file.close();
    }
  }

  private static KvStore.Shape kvShape(AttentionSpec spec) {
    return new KvStore.Shape(spec.kvHeads(), spec.headDim());
  }

  private static Workspace.Shape shape(Decoder decoder) {
    AttentionSpec spec = decoder.blocks().getFirst().attention().spec();
    int wide = 512;
    return new Workspace.Shape(
        decoder.embedding().hidden(),
        spec.heads() * spec.headDim(),
        spec.kvHeads() * spec.headDim(),
        wide,
        64);
  }
}

package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.kv.KvStore;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.GrowingWorkspace;
import dev.nearside.model.layer.RowAdapters;
import dev.nearside.model.layer.Step;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.TokenRows;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A decoder whose last states are read as vectors: Qwen3-Embedding, Qwen3-Reranker, or any other.
 * Keys and values live as long as a call.
 */
final class CausalEncoder implements EncoderModel {
  private final ModelInfo info;
  private final EncoderInfo encoderInfo;
  private final Decoder decoder;
  private final PooledStates pooled;
  private final Compute compute;
  private final GrowingWorkspace workspace;
  private final LoadOptions options;
  private final AutoCloseable resources;

  CausalEncoder(
      ModelInfo info,
      EncoderInfo encoderInfo,
      Decoder decoder,
      PooledStates pooled,
      Compute compute,
      GrowingWorkspace workspace,
      LoadOptions options,
      AutoCloseable resources) {
    this.info = info;
    this.encoderInfo = encoderInfo;
    this.decoder = decoder;
    this.pooled = pooled;
    this.compute = compute;
    this.workspace = workspace;
    this.options = options;
    this.resources = resources;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public EncoderInfo encoder() {
    return encoderInfo;
  }

  @Override
  public List<float[]> encode(
      List<EncoderInput> inputs, Pooling pooling, BooleanSupplier isCancelled) {
    BidirectionalModel.checkLengths(inputs, encoderInfo.maxTokens());
    Texts texts = Texts.of(inputs);
    int hidden = encoderInfo.hidden();
    TensorType kvType = options.kvType();
    try (Arena arena = Arena.ofShared();
        KvStore kv = new KvStore(DecoderModel.kvShapes(decoder), kvType, texts.blocks)) {
      Floats states = Floats.allocate(arena, (long) texts.ids.length * hidden);
      for (int from = 0; from < texts.ids.length; from += options.maxBatch()) {
        if (isCancelled.getAsBoolean()) {
          throw new CancellationException("nobody waits for these texts any more");
        }
        int count = Math.min(options.maxBatch(), texts.ids.length - from);
        compute.beforeStep(count * info.parameters());
        Step step =
            new Step(
                compute.kernels(),
                texts.rows(from, count),
                count,
                kv,
                workspace.of(count),
                RowAdapters.NONE,
                compute.pace());
        int[] ids = Arrays.copyOfRange(texts.ids, from, from + count);
        decoder.encode(step, ids, states.slice((long) from * hidden, (long) count * hidden));
        compute.afterStep();
      }
      List<float[]> out = new ArrayList<>(inputs.size());
      int from = 0;
      for (EncoderInput input : inputs) {
        out.add(pooled.pool(compute.kernels(), states, from, input.length(), pooling));
        from += input.length();
      }
      return out;
    }
  }

  /**
   * Texts one after the other, with their places in a KV store of their own.
   *
   * @param tables block numbers per text
   */
  private record Texts(int[] ids, int[] positions, int[] owners, int[][] tables, int blocks) {
    static Texts of(List<EncoderInput> inputs) {
      int total = inputs.stream().mapToInt(EncoderInput::length).reduce(0, Math::addExact);
      int[] ids = new int[total];
      int[] positions = new int[total];
      int[] owners = new int[total];
      int[][] tables = new int[inputs.size()][];
      int at = 0;
      int blocks = 0;
      for (int i = 0; i < inputs.size(); i++) {
        int length = inputs.get(i).length();
        int first = blocks;
        blocks += Math.ceilDiv(length, KvStore.BLOCK);
        tables[i] = IntStream.range(first, blocks).toArray();
        System.arraycopy(inputs.get(i).ids(), 0, ids, at, length);
        for (int p = 0; p < length; p++) {
          positions[at] = p;
          owners[at++] = i;
        }
      }
      return new Texts(ids, positions, owners, tables, blocks);
    }

    TokenRows rows(int from, int count) {
      return new TokenRows(
          count,
          Arrays.copyOfRange(positions, from, from + count),
          Arrays.copyOfRange(owners, from, from + count),
          tables);
    }
  }

  @Override
  public void close() {
    try {
      resources.close();
    } catch (Exception e) {
      throw new ModelException(Fault.of("the model file can't be closed"), e);
    }
  }
}

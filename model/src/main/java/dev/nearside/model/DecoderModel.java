package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.kv.KvStore;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.DecoderBlock;
import dev.nearside.model.layer.Step;
import dev.nearside.model.layer.Workspace;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionSpec;
import java.util.List;

/** A {@link Decoder} with its memory. */
final class DecoderModel implements LanguageModel {
  private final ModelInfo info;
  private final Decoder decoder;
  private final Compute compute;
  private final Workspace workspace;
  private final int maxBatch;
  private final TensorType kvType;
  private final AutoCloseable resources;

  DecoderModel(
      ModelInfo info,
      Decoder decoder,
      Compute compute,
      LoadOptions options,
      Workspace workspace,
      AutoCloseable resources) {
    this.info = info;
    this.decoder = decoder;
    this.compute = compute;
    this.workspace = workspace;
    this.maxBatch = options.maxBatch();
    this.kvType = options.kvType();
    this.resources = resources;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public KvStore newKvStore(int blocks) {
    return new KvStore(kvShapes(decoder), kvType, blocks);
  }

  static List<KvStore.Shape> kvShapes(Decoder decoder) {
    return decoder.blocks().stream()
        .map(DecoderBlock::attention)
        .map(a -> new KvStore.Shape(a.spec().kvHeads(), a.spec().headDim()))
        .toList();
  }

  static Workspace.Shape workspaceShape(Decoder decoder, int ffn, int experts) {
    int q = 1;
    int kv = 1;
    for (DecoderBlock block : decoder.blocks()) {
      AttentionSpec spec = block.attention().spec();
      q = Math.max(q, spec.heads() * spec.headDim());
      kv = Math.max(kv, spec.kvHeads() * spec.headDim());
    }
    return new Workspace.Shape(decoder.embedding().hidden(), q, kv, ffn, experts);
  }

  @Override
  public void forward(Batch batch, KvStore kv, Floats logits) {
    if (batch.size() > maxBatch) {
      throw new ModelException(
          Fault.of("batch is too large").got(batch.size()).expected("at most " + maxBatch));
    }
    compute.beforeStep(batch.size() * info.parameters());
    Step step = new Step(compute.kernels(), batch.rows(), kv, workspace);
    decoder.forward(step, batch.ids(), batch.logitRows(), logits);
    compute.afterStep();
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

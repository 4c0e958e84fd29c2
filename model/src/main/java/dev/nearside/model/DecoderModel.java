package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorFile;
import dev.nearside.model.kv.KvStore;
import dev.nearside.model.layer.AdapterScratch;
import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.DecoderBlock;
import dev.nearside.model.layer.GrowingWorkspace;
import dev.nearside.model.layer.Place;
import dev.nearside.model.layer.RowAdapters;
import dev.nearside.model.layer.Step;
import dev.nearside.model.layer.Workspace;
import dev.nearside.model.load.AdapterReader;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionSpec;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Decoder} with its memory. */
final class DecoderModel implements LanguageModel {
  private final ModelInfo info;
  private final Decoder decoder;
  private final Compute compute;
  private final GrowingWorkspace workspace;
  private final int maxBatch;
  private final TensorType kvType;
  private final List<Place> places;
  private final AutoCloseable resources;
  private @Nullable AdapterScratch adapterScratch;

  /**
   * @param places the model's matrices, by id
   */
  DecoderModel(
      ModelInfo info,
      Decoder decoder,
      Compute compute,
      LoadOptions options,
      GrowingWorkspace workspace,
      List<Place> places,
      AutoCloseable resources) {
    this.info = info;
    this.decoder = decoder;
    this.compute = compute;
    this.workspace = workspace;
    this.maxBatch = options.maxBatch();
    this.kvType = options.kvType();
    this.places = places;
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
    RowAdapters adapters = StepAdapters.of(batch, this, adapterScratch);
    Workspace room = workspace.of(batch.size());
    Step step =
        new Step(
            compute.kernels(), batch.rows(), batch.exact(), kv, room, adapters, compute.pace());
    decoder.forward(step, batch.ids(), batch.logitRows(), logits);
    compute.afterStep();
  }

  @Override
  public Optional<AdapterLoader> adapters() {
    return Optional.of(this::load);
  }

  private Adapter load(TensorFile file) {
    Arena arena = Arena.ofShared();
    try {
      AdapterReader.Loaded loaded =
          AdapterReader.read(
              file,
              info.architecture(),
              places,
              decoder.embedding().vocab(),
              decoder.embedding().hidden(),
              compute.kernels(),
              arena);
      Adapter adapter = new LoraAdapter(this, loaded.deltas(), arena, file);
      makeRoom(loaded.highestRank());
      return adapter;
    } catch (RuntimeException | Error e) {
      arena.close();
      file.close();
      throw e;
    }
  }

  private void makeRoom(int rank) {
    if (adapterScratch == null) {
      adapterScratch = new AdapterScratch(compute.kernels());
    }
    int hidden = decoder.embedding().hidden();
    int widest = places.stream().mapToInt(Place::cols).max().orElse(1);
    int longest = places.stream().mapToInt(Place::rows).max().orElse(1);
    adapterScratch.ensure(compute.kernels(), widest, rank, Math.max(hidden, longest));
  }

  @Override
  public void close() {
    workspace.close();
    try {
      resources.close();
    } catch (Exception e) {
      throw new ModelException(Fault.of("the model file can't be closed"), e);
    }
  }
}

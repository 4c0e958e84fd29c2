package dev.nearside.engine;

import dev.nearside.model.AdapterLoader;
import dev.nearside.model.Batch;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.ModelInfo;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.util.Optional;

/** A model that closes its kernels with itself. */
record OwningModel(LanguageModel model, Compute compute) implements LanguageModel {
  @Override
  public ModelInfo info() {
    return model.info();
  }

  @Override
  public int maxBatch() {
    return model.maxBatch();
  }

  @Override
  public KvStore newKvStore(int blocks) {
    return model.newKvStore(blocks);
  }

  @Override
  public void forward(Batch batch, KvStore kv, Floats logits) {
    model.forward(batch, kv, logits);
  }

  @Override
  public Optional<AdapterLoader> adapters() {
    return model.adapters();
  }

  @Override
  public void close() {
    try {
      model.close();
    } finally {
      compute.close();
    }
  }
}

package dev.nearside.model;

import dev.nearside.format.MetaType;
import dev.nearside.format.MetaValue;
import dev.nearside.format.TensorSource;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;

/** Writes adapters of seeded random numbers. */
final class AdapterFiles {
  private final GgufWriter writer = new GgufWriter();
  private final Random random;

  AdapterFiles(String architecture, double alpha, long seed) {
    random = new Random(seed);
    writer.put("general.type", "adapter");
    writer.put("general.architecture", architecture);
    writer.put("adapter.type", "lora");
    writer.put("adapter.lora.alpha", new MetaValue.Real(MetaType.FLOAT32, alpha));
  }

  AdapterFiles put(String key, String value) {
    writer.put(key, value);
    return this;
  }

  AdapterFiles put(String key, MetaValue value) {
    writer.put(key, value);
    return this;
  }

  AdapterFiles remove(String key) {
    writer.remove(key);
    return this;
  }

  /** A matrix's pair. */
  AdapterFiles pair(String name, int rows, int rank, int cols) {
    return tensor(name + ".lora_a", 1 / Math.sqrt(cols), rank, cols)
        .tensor(name + ".lora_b", 1 / Math.sqrt(rank), rows, rank);
  }

  /** The embedding's pair. */
  AdapterFiles embedding(int vocab, int rank, int hidden) {
    return tensor("token_embd.weight.lora_a", 1, vocab, rank)
        .tensor("token_embd.weight.lora_b", 0.02, hidden, rank);
  }

  AdapterFiles tensor(String name, double size, long... shape) {
    int count = 1;
    for (long dim : shape) {
      count = Math.toIntExact(count * dim);
    }
    byte[] bytes = new byte[count * Float.BYTES];
    MemorySegment data = MemorySegment.ofArray(bytes);
    for (int i = 0; i < count; i++) {
      data.set(Floats.LAYOUT, 4L * i, (float) (random.nextGaussian() * size));
    }
    writer.tensor(name, TensorType.F32, shape, TensorSource.of(data));
    return this;
  }

  Path write(Path file) {
    writer.write(file);
    return file;
  }
}

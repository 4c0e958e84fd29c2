package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.kv.KvStore;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import dev.nearside.tensor.Floats;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters in batches: a sequence's logits depend on its own adapters alone, to the bit. */
class AdapterTest {
  private static final int HIDDEN = 256;
  private static final int FFN = 512;
  private static final int VOCAB = 640;
  private static final int[] PROMPT =
      IntStream.range(0, 90).map(i -> 3 + (i * 37 + i * i % 91) % 600).toArray();

  private @TempDir Path temp;

  /** A sequence of a batch. */
  private record Task(int[] ids, List<ScaledAdapter> adapters) {}

  @Test
  void logits_adaptersInOneBatch_eachSequenceIsAsAloneInEveryTier() {
    Path model = synth("tiny-llama", "Q4_K_M");
    Path one = one().write(temp.resolve("one.gguf"));
    Path two = two().write(temp.resolve("two.gguf"));
    int[][] expected = null;
    for (String kernels : List.of("specification", "scalar", "vector")) {
      try (Opened m = Opened.of(model, kernels);
          Adapter a = m.load(one);
          Adapter b = m.load(two)) {
        List<Task> tasks =
            List.of(
                new Task(PROMPT, List.of()),
                new Task(PROMPT, List.of(new ScaledAdapter(a, 1))),
                new Task(PROMPT, List.of(new ScaledAdapter(a, 0.5f), new ScaledAdapter(b, -2))),
                new Task(
                    Arrays.copyOf(PROMPT, 70),
                    List.of(new ScaledAdapter(b, -2), new ScaledAdapter(a, 0.5f))),
                new Task(PROMPT, List.of(new ScaledAdapter(a, 0.25f))));
        int[][] alone = new int[tasks.size()][];
        for (int i = 0; i < alone.length; i++) {
          alone[i] = m.logits(List.of(tasks.get(i)), 7 + i)[0];
        }
        assertNotEquals(Arrays.hashCode(alone[0]), Arrays.hashCode(alone[1]), "adapters work");
        assertNotEquals(Arrays.hashCode(alone[1]), Arrays.hashCode(alone[4]), "scales count");
        int[][] together = m.logits(tasks, 90);
        for (int i = 0; i < alone.length; i++) {
          assertArrayEquals(alone[i], together[i], kernels + ", sequence " + i);
          if (expected != null) {
            assertArrayEquals(expected[i], together[i], kernels + " and specification, " + i);
          }
        }
        expected = alone;
      }
    }
  }

  @Test
  void logits_expertsInOneBatch_eachSequenceIsAsAlone() {
    Path model = synth("tiny-qwen3moe", "Q8_0");
    AdapterFiles files = new AdapterFiles("qwen3moe", 8, 5);
    for (String part : List.of("gate", "up")) {
      String name = "blk.1.ffn_" + part + "_exps.weight";
      files.tensor(name + ".lora_a", 0.06, 4, 3, HIDDEN).tensor(name + ".lora_b", 0.5, 4, 256, 3);
    }
    files.pair("blk.0.ffn_gate_inp.weight", 4, 2, HIDDEN);
    Path file = files.write(temp.resolve("experts.gguf"));
    try (Opened m = Opened.of(model, "vector");
        Adapter adapter = m.load(file)) {
      Task plain = new Task(PROMPT, List.of());
      Task adapted = new Task(PROMPT, List.of(new ScaledAdapter(adapter, 1)));
      int[] alone = m.logits(List.of(adapted), 90)[0];
      int[][] both = m.logits(List.of(plain, adapted), 13);
      assertArrayEquals(alone, both[1]);
      assertArrayEquals(m.logits(List.of(plain), 90)[0], both[0]);
      assertNotEquals(Arrays.hashCode(both[0]), Arrays.hashCode(both[1]), "the adapter works");
    }
  }

  /** A shared matrix has two uses, and an adapter names one of them. */
  @Test
  void logits_sharedEmbeddingAndHead_areChangedOneByOne() {
    Path model = synth("tiny-gemma3", "Q4_0"); // its head is the embedding
    Path in = new AdapterFiles("gemma3", 4, 1).embedding(VOCAB, 4, HIDDEN).write(path("in"));
    Path out =
        new AdapterFiles("gemma3", 4, 2).pair("output.weight", VOCAB, 4, HIDDEN).write(path("out"));
    try (Opened m = Opened.of(model, "vector");
        Adapter embedding = m.load(in);
        Adapter head = m.load(out)) {
      int[] plain = m.logits(List.of(new Task(PROMPT, List.of())), 90)[0];
      for (Adapter adapter : List.of(embedding, head)) {
        Task task = new Task(PROMPT, List.of(new ScaledAdapter(adapter, 1)));
        int[] alone = m.logits(List.of(task), 11)[0];
        int[][] several = m.logits(List.of(task, new Task(PROMPT, List.of()), task), 90);
        assertNotEquals(Arrays.hashCode(plain), Arrays.hashCode(alone));
        assertArrayEquals(alone, several[0]);
        assertArrayEquals(plain, several[1]);
        assertArrayEquals(alone, several[2]);
      }
    }
  }

  @Test
  void fingerprint_sameContent_isTheSame() {
    try (Opened m = Opened.of(synth("tiny-llama", "Q4_0"), "scalar");
        Adapter a = m.load(one().write(path("a")));
        Adapter again = m.load(one().write(path("again")));
        Adapter b = m.load(two().write(path("b")))) {
      assertEquals(a.fingerprint(), again.fingerprint());
      assertNotEquals(a.fingerprint(), b.fingerprint());
      assertEquals(64, a.fingerprint().length());
      assertTrue(a.bytes() > 1000);
    }
  }

  @Test
  void forward_adapterThatIsClosedOrAnothersModels_isRefused() {
    Path model = synth("tiny-llama", "Q4_0");
    Path file = one().write(path("one"));
    try (Opened m = Opened.of(model, "scalar");
        Opened other = Opened.of(model, "scalar")) {
      Adapter adapter = other.load(file);
      Task task = new Task(PROMPT, List.of(new ScaledAdapter(adapter, 1)));
      assertThrows(ModelException.class, () -> m.logits(List.of(task), 90));
      adapter.close();
      assertThrows(ModelException.class, () -> other.logits(List.of(task), 90));
      assertEquals(1, m.logits(List.of(new Task(PROMPT, List.of())), 90).length);
    }
  }

  private static AdapterFiles one() {
    AdapterFiles files = new AdapterFiles("llama", 16, 3);
    files.pair("output.weight", VOCAB, 8, HIDDEN).embedding(VOCAB, 3, HIDDEN);
    for (int layer = 0; layer < 2; layer++) {
      files
          .pair("blk." + layer + ".attn_q.weight", HIDDEN, 8, HIDDEN)
          .pair("blk." + layer + ".attn_output.weight", HIDDEN, 1, HIDDEN)
          .pair("blk." + layer + ".ffn_down.weight", HIDDEN, 32, FFN);
    }
    return files;
  }

  private static AdapterFiles two() {
    return new AdapterFiles("llama", 0, 4)
        .pair("blk.0.attn_q.weight", HIDDEN, 5, HIDDEN)
        .pair("blk.0.attn_v.weight", 128, 5, HIDDEN)
        .pair("blk.1.ffn_up.weight", FFN, 7, HIDDEN);
  }

  private Path path(String name) {
    return temp.resolve(name + ".gguf");
  }

  private Path synth(String shape, String mix) {
    Path file = path(shape + "-" + mix);
    Synth.write(SynthShapes.of(shape), QuantMix.of(mix), file, 42, Synth.Progress.NONE);
    return file;
  }

  /** A model with its kernels. */
  private record Opened(Compute compute, LanguageModel model) implements AutoCloseable {
    static Opened of(Path file, String kernels) {
      Compute compute = Compute.create(kernels, 2);
      return new Opened(compute, Models.load(ModelFiles.open(file), compute, LoadOptions.DEFAULTS));
    }

    Adapter load(Path file) {
      return model.adapters().orElseThrow().load(ModelFiles.open(file));
    }

    /** Bits of the last token's logits of each task, {@code chunk} tokens of each at a time. */
    int[][] logits(List<Task> tasks, int chunk) {
      int vocab = model.info().vocabSize();
      int[][] out = new int[tasks.size()][];
      int longest = tasks.stream().mapToInt(t -> t.ids.length).max().orElseThrow();
      int[][] blocks = new int[tasks.size()][];
      Arrays.setAll(blocks, i -> new int[] {2 * i + 1, 2 * i});
      try (KvStore kv = model.newKvStore(2 * tasks.size());
          Arena arena = Arena.ofShared()) {
        Floats logits = Floats.allocate(arena, (long) tasks.size() * vocab);
        int perStep = Math.max(1, Math.min(chunk, model.maxBatch() / tasks.size()));
        for (int from = 0; from < longest; from += perStep) {
          step(tasks, from, perStep, blocks, kv, logits, out);
        }
      }
      return out;
    }

    private void step(
        List<Task> tasks,
        int from,
        int count,
        int[][] blocks,
        KvStore kv,
        Floats logits,
        int[][] out) {
      IntStream.Builder ids = IntStream.builder();
      IntStream.Builder positions = IntStream.builder();
      IntStream.Builder tables = IntStream.builder();
      IntStream.Builder rows = IntStream.builder();
      IntStream.Builder owners = IntStream.builder();
      int n = 0;
      for (int s = 0; s < tasks.size(); s++) {
        int[] all = tasks.get(s).ids;
        for (int p = from; p < Math.min(from + count, all.length); p++) {
          ids.add(all[p]);
          positions.add(p);
          tables.add(s);
          if (p == all.length - 1) {
            rows.add(n);
            owners.add(s);
          }
          n++;
        }
      }
      List<List<ScaledAdapter>> adapters = tasks.stream().map(Task::adapters).toList();
      model.forward(
          new Batch(
              ids.build().toArray(),
              positions.build().toArray(),
              tables.build().toArray(),
              blocks,
              rows.build().toArray(),
              n,
              adapters),
          kv,
          logits);
      int[] done = owners.build().toArray();
      int vocab = model.info().vocabSize();
      for (int i = 0; i < done.length; i++) {
        float[] row = new float[vocab];
        logits.get((long) i * vocab, row, 0, vocab);
        out[done[i]] = new int[vocab];
        Arrays.setAll(out[done[i]], k -> Float.floatToRawIntBits(row[k]));
      }
    }

    @Override
    public void close() {
      model.close();
      compute.close();
    }
  }
}

package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.kv.KvStore;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model asks its pace before each stretch of work, and tells when it has ended. */
class PaceTest {
  @TempDir Path folder;

  private int begun;
  private int ended;

  private final Pace pace =
      new Pace() {
        @Override
        public void begin() {
          assertEquals(begun, ended, "one after the other");
          begun++;
        }

        @Override
        public void end() {
          ended++;
        }
      };

  @Test
  void forward_asksBeforeEachBlockAndTheHead() {
    Path file = folder.resolve("tiny.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q8_0"), file, 1, Synth.Progress.NONE);
    LoadOptions options = new LoadOptions(64, 8, TensorType.F16);
    try (Compute compute = Compute.create("scalar", 1);
        LanguageModel model = Models.load(GgufFile.open(file), compute.withPace(pace), options);
        KvStore kv = model.newKvStore(1);
        Arena arena = Arena.ofConfined()) {
      Floats logits = Floats.allocate(arena, model.info().vocabSize());
      int[] table = {0};
      model.forward(
          new Batch(new int[] {1}, new int[] {0}, new int[1], new int[][] {table}, new int[0]),
          kv,
          logits);
      int blocks = begun;
      assertEquals(blocks, ended);
      model.forward(
          new Batch(new int[] {1}, new int[] {1}, new int[1], new int[][] {table}, new int[] {0}),
          kv,
          logits);
      assertEquals(2 * blocks + 1, begun);
      assertEquals(begun, ended);
      Floats small = Floats.allocate(arena, 1);
      Batch third =
          new Batch(new int[] {1}, new int[] {2}, new int[1], new int[][] {table}, new int[] {0});
      assertThrows(TensorException.class, () -> model.forward(third, kv, small));
      assertEquals(begun, ended, "also when it fails");
    }
  }
}

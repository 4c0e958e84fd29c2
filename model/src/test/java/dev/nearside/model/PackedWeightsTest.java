package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.load.PackedPlace;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed weights kept in a file: used only where they are right, and never seen in the logits. */
class PackedWeightsTest {
  private static final int[] PROMPT = {1, 5, 9, 200, 33, 7};

  private @TempDir Path temp;
  private Path model = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void write() {
    model = temp.resolve("model.gguf");
    folder = temp.resolve("packed");
    synth(1);
  }

  private void synth(long seed) {
    Synth.write(
        SynthShapes.of("tiny-llama"), QuantMix.of("Q4_K_M"), model, seed, Synth.Progress.NONE);
  }

  private float[] logits(boolean isKept) {
    try (Feeder feeder =
        isKept
            ? Feeder.open(model, PackedPlace.of(folder, model))
            : Feeder.open(model, "vector", 2)) {
      return feeder.feed(PROMPT, 6, 1)[0];
    }
  }

  private Path packed() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    }
  }

  @Test
  void load_secondTime_usesTheFileAndGivesTheSameBits() throws IOException {
    float[] expected = logits(false);
    assertFalse(Files.exists(folder));
    assertArrayEquals(expected, logits(true), 0f);
    Path packed = packed();
    long written = Files.getLastModifiedTime(packed).toMillis();
    assertArrayEquals(expected, logits(true), 0f);
    assertEquals(written, Files.getLastModifiedTime(packed).toMillis(), "it was good as it was");
    // It is the packed weights that are read: another byte in them is another answer.
    byte[] bytes = Files.readAllBytes(packed);
    for (int i = bytes.length / 2; i < bytes.length / 2 + 4096; i++) {
      bytes[i] ^= 0x11;
    }
    Files.write(packed, bytes);
    assertNotEquals(sum(expected), sum(logits(true)));
  }

  @Test
  void load_modelChanged_packsAnew() throws IOException {
    logits(true);
    synth(2);
    float[] expected = logits(false);
    assertArrayEquals(expected, logits(true), 0f);
    assertArrayEquals(expected, logits(true), 0f);
    assertTrue(PackedFiles.removeStale(folder).isEmpty(), "the file is of the new model");
  }

  @Test
  void load_packedFileCutOrGarbage_packsAnew() throws IOException {
    float[] expected = logits(true);
    byte[] whole = Files.readAllBytes(packed());
    for (int length : new int[] {0, 100, whole.length / 2, whole.length - 1}) {
      Files.write(packed(), Arrays.copyOf(whole, length));
      assertArrayEquals(expected, logits(true), 0f, "cut at " + length);
      assertArrayEquals(whole, Files.readAllBytes(packed()), "mended after a cut at " + length);
    }
  }

  @Test
  void removeStale_modelGone_removesItsFile() throws IOException {
    logits(true);
    assertTrue(PackedFiles.removeStale(folder).isEmpty());
    Files.delete(model);
    assertEquals(1, PackedFiles.removeStale(folder).size());
    assertTrue(PackedFiles.removeStale(temp.resolve("no such folder")).isEmpty());
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return sum;
  }
}

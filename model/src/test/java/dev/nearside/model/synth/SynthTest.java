package dev.nearside.model.synth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import dev.nearside.model.Batch;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.LoadOptions;
import dev.nearside.model.ModelException;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.Models;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SynthTest {
  @TempDir Path folder;

  static Stream<String> tinyShapes() {
    return SynthShapes.all().stream().map(SynthShape::name).filter(n -> n.startsWith("tiny-"));
  }

  @ParameterizedTest
  @MethodSource("tinyShapes")
  void write_tinyShape_loadsAndComputes(String name) {
    Path file = folder.resolve("model.gguf");
    SynthShape shape = SynthShapes.of(name);
    Synth.write(shape, QuantMix.of("Q4_K_M"), file, 1, Synth.Progress.NONE);
    try (Compute compute = Compute.create("scalar", 1);
        LanguageModel model =
            Models.load(ModelFiles.open(file), compute, new LoadOptions(64, 8, TensorType.F16));
        KvStore kv = model.newKvStore(1);
        Arena arena = Arena.ofConfined()) {
      Floats logits = Floats.allocate(arena, shape.vocabSize());
      int[] ids = {1, 2, 3};
      model.forward(
          new Batch(ids, new int[] {0, 1, 2}, new int[3], new int[][] {{0}}, new int[] {2}),
          kv,
          logits);
      double squares = 0;
      for (float v : logits.toArray()) {
        squares += (double) v * v;
      }
      double deviation = Math.sqrt(squares / shape.vocabSize());
      assertTrue(
          deviation > 0.01 && deviation < 100, () -> "deviation of the logits: " + deviation);
    }
  }

  /** The tiny shapes can stand for the real ones only if they have the same architectures. */
  @Test
  void all_architectures_haveATinyShape() {
    assertEquals(
        SynthShapes.all().stream().map(SynthShape::architecture).distinct().sorted().toList(),
        tinyShapes().map(n -> SynthShapes.of(n).architecture()).distinct().sorted().toList());
  }

  @Test
  void write_sameSeed_sameBytes() throws IOException {
    byte[] first = write(7);
    assertArrayEquals(first, write(7));
    assertTrue(!java.util.Arrays.equals(first, write(8)), "another seed gave the same file");
  }

  @Test
  void write_existingFile_isReplacedAndNothingElseIsLeft() throws IOException {
    Files.writeString(folder.resolve("model.gguf"), "old");
    write(7);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void write_folderIsMissing_isAnError() {
    Path target = folder.resolve("missing").resolve("model.gguf");
    SynthShape shape = SynthShapes.of("tiny-llama");
    assertThrows(
        FormatException.class,
        () -> Synth.write(shape, QuantMix.of("Q8_0"), target, 0, Synth.Progress.NONE));
  }

  @Test
  void write_progress_endsAtTheWhole() {
    long[] last = new long[2];
    Synth.write(
        SynthShapes.of("tiny-llama"),
        QuantMix.of("F16"),
        folder.resolve("model.gguf"),
        0,
        (done, all) -> {
          last[0] = done;
          last[1] = all;
        });
    assertTrue(last[0] == last[1] && last[1] > 0, () -> last[0] + " of " + last[1]);
  }

  @Test
  void of_unknownShape_saysWhichThereAre() {
    ModelException e = assertThrows(ModelException.class, () -> SynthShapes.of("gpt-5"));
    assertTrue(String.valueOf(e.getMessage()).contains("qwen2.5-0.5b"), e::getMessage);
  }

  @Test
  void byteText_allBytes_areGpt2sAlphabet() {
    assertEquals('\u0120', SynthVocabulary.byteText(' '));
    assertEquals('\u010a', SynthVocabulary.byteText('\n'));
    assertEquals('A', SynthVocabulary.byteText('A'));
    assertEquals('\u00ff', SynthVocabulary.byteText(255));
    assertEquals('\u0143', SynthVocabulary.byteText(173));
  }

  @Test
  void vocabulary_anySize_isFullAndHasNoTokenTwice() {
    for (int size : new int[] {259, 300, 640, 49159}) {
      SynthVocabulary v = SynthVocabulary.of(size);
      assertEquals(size, v.tokens().size());
      assertEquals(size, v.tokens().stream().distinct().count());
      for (String merge : v.merges()) {
        String[] parts = merge.split(" ");
        assertTrue(v.tokens().contains(parts[0] + parts[1]), merge);
      }
    }
  }

  @Test
  void vocabulary_tooSmall_isAnError() {
    assertThrows(ModelException.class, () -> SynthVocabulary.of(258));
  }

  private byte[] write(long seed) throws IOException {
    Path file = folder.resolve("model.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), file, seed, Synth.Progress.NONE);
    return Files.readAllBytes(file);
  }
}

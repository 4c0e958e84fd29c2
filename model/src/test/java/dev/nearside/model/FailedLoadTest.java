package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.model.load.PackedPlace;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load that fails leaves no file mapped. */
class FailedLoadTest {
  private static final Path MAPS = Path.of("/proc/self/maps");

  @TempDir Path folder;

  @Test
  void load_missingTensor_unmapsModelAndPackedWeights() throws IOException {
    assumeTrue(Files.isReadable(MAPS), "the list of mapped files is Linux's");
    Path good = folder.resolve("good.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), good, 1, Synth.Progress.NONE);
    Path broken = folder.resolve("broken.gguf");
    Files.write(broken, renamed(Files.readAllBytes(good), "output_norm.weight"));
    Path packed = folder.resolve("packed");
    LoadOptions options =
        new LoadOptions(
            64, 8, TensorType.F16, new PackedPlace(PackedFolder.of(packed), "same", "m"));
    try (Compute compute = Compute.create("vector", 1)) {
      Models.load(ModelFiles.open(good), compute, options).close();
      try (Stream<Path> files = Files.list(packed)) {
        assertEquals(1, files.count(), "packed weights were kept for the second load");
      }
      try (LanguageModel again = Models.load(ModelFiles.open(good), compute, options)) {
        assertTrue(mapped().stream().anyMatch(line -> line.endsWith(PackedPlace.SUFFIX)));
      }
      assertThrows(
          ModelException.class, () -> Models.load(ModelFiles.open(broken), compute, options));
      assertEquals(List.of(), mapped());
    }
  }

  /** The file with another letter at the end of a tensor's name. */
  private static byte[] renamed(byte[] file, String tensor) {
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(tensor);
    file[at + tensor.length() - 1] = 'x';
    return file;
  }

  private List<String> mapped() throws IOException {
    return Files.readAllLines(MAPS).stream()
        .filter(line -> line.contains(folder.toString()))
        .toList();
  }
}

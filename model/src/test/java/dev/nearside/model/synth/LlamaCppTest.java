package dev.nearside.model.synth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.format.TensorInfo;
import dev.nearside.format.convert.QuantizeProgress;
import dev.nearside.format.convert.Quantizer;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models that we make, given to llama.cpp's own programs. Needs the environment variable {@code
 * NEARSIDE_LLAMA_BIN}: a folder with llama-quantize and llama-completion.
 */
class LlamaCppTest {
  private static final String VARIABLE = "NEARSIDE_LLAMA_BIN";
  private static final long SECONDS = 300;

  @TempDir Path folder;

  @BeforeEach
  void needsLlamaCpp() {
    assumeTrue(
        System.getenv(VARIABLE) != null, VARIABLE + " is not set: no llama.cpp to compare with");
  }

  static Stream<String> tinyShapes() {
    return SynthTest.tinyShapes();
  }

  static Set<TensorType> targets() {
    return Quantizer.targets();
  }

  @ParameterizedTest
  @MethodSource("tinyShapes")
  void synth_tinyShape_runsInLlamaCpp(String shape) throws IOException, InterruptedException {
    complete(write(shape, "Q4_K_M"));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void quantize_everyType_runsInLlamaCppAndHasItsQuantisersBytes(TensorType type)
      throws IOException, InterruptedException {
    Path source = write("tiny-llama", "F16");
    Path own = folder.resolve("own.gguf");
    Path theirs = folder.resolve("theirs.gguf");
    new Quantizer(2).quantize(source, own, type, QuantizeProgress.NONE);
    complete(own);
    String name = type == TensorType.MXFP4 ? "MXFP4_MOE" : type.name();
    llama("llama-quantize", "--pure", source.toString(), theirs.toString(), name);
    try (GgufFile ours = GgufFile.open(own);
        GgufFile expected = GgufFile.open(theirs)) {
      assertEquals(expected.tensors().size(), ours.tensors().size());
      int compared = 0;
      for (TensorInfo theirTensor : expected.tensors()) {
        TensorInfo tensor = ours.get(theirTensor.name());
        assertEquals(theirTensor.type(), tensor.type(), tensor.name());
        assertEquals(
            -1, expected.data(theirTensor).mismatch(ours.data(tensor)), "in " + tensor.name());
        compared += tensor.type() == type ? 1 : 0;
      }
      int matrices = 15;
      assertTrue(compared >= matrices, compared + " tensors of type " + type);
    }
  }

  private Path write(String shape, String type) {
    Path file = folder.resolve("synth.gguf");
    Synth.write(SynthShapes.of(shape), QuantMix.of(type), file, 1, Synth.Progress.NONE);
    return file;
  }

  // What it prints is no evidence: its log may be cut off when it ends. Its exit code is.
  private void complete(Path model) throws IOException, InterruptedException {
    String[] options = {"-p", "the people like it", "-n", "4", "-no-cnv", "--temp", "0", "-t", "1"};
    llama(
        "llama-completion",
        Stream.concat(Stream.of("-m", model.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private void llama(String program, String... arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    List<String> command =
        Stream.concat(
                Stream.of(Path.of(System.getenv(VARIABLE)).resolve(program).toString()),
                Stream.of(arguments))
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean isDone = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String out = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertTrue(isDone && process.exitValue() == 0, () -> command + ":\n" + out);
  }
}

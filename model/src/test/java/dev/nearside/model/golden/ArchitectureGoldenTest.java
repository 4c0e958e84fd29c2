package dev.nearside.model.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.TensorFile;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.golden.GoldenIndex.Breaker;
import dev.nearside.model.golden.GoldenIndex.Case;
import dev.nearside.model.hf.HfModelFile;
import dev.nearside.model.layer.Decoder;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.ReferenceKernels;
import dev.nearside.tensor.kernel.ScalarKernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every architecture against PyTorch transformers, from GGUF and from safetensors; and wrong
 * settings, which must show.
 */
class ArchitectureGoldenTest {
  private static final double REFERENCE_TOLERANCE = 1e-3; // of the logits' standard deviation
  private static final double EXACT_RELATIVE_RMS = 5e-3;

  private final GoldenIndex index = GoldenIndex.read();
  private @TempDir Path temp;

  @TestFactory
  Stream<DynamicTest> reference_everyCase_equalsTransformers() {
    return index.cases().stream().flatMap(this::referenceTests);
  }

  @TestFactory
  Stream<DynamicTest> exact_everyCase_staysWithinItsBound() {
    return index.cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> exactStaysClose(c)));
  }

  @TestFactory
  Stream<DynamicTest> reference_wrongSetting_breaksTheLogits() {
    return index.cases().stream()
        .flatMap(c ->
            c.breakers().stream()
                .filter(b -> canBreak(c, b))
                .map(b -> DynamicTest.dynamicTest(c.name() + ": " + b.what(), () -> breaks(c, b))));
  }

  private Stream<DynamicTest> referenceTests(Case c) {
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(
        DynamicTest.dynamicTest(
            c.name() + " safetensors",
            () -> assertClose(c, run(reference(), folder(c, Map.of()), d -> d))));
    if (c.gguf() != null) {
      tests.add(
          DynamicTest.dynamicTest(
              c.name() + " gguf", () -> assertClose(c, run(reference(), gguf(c, null), d -> d))));
    }
    return tests.stream();
  }

  private void exactStaysClose(Case c) throws Exception {
    float[] golden = c.logits();
    float[] folder = run(exact(), folder(c, Map.of()), d -> d);
    double error = rms(folder, golden) / rms(golden, new float[golden.length]);
    assertTrue(error <= EXACT_RELATIVE_RMS, () -> c + ": relative RMS error " + error);
    if (c.gguf() != null) {
      float[] gguf = run(exact(), gguf(c, null), d -> d);
      assertArrayEquals(folder, gguf, 0f, "GGUF and safetensors give the same logits");
    }
  }

  // The clamp of gpt-oss is a constant of the kernels: no setting reaches it.
  private static boolean canBreak(Case c, Breaker b) {
    if (b.what().equals("swiglu limit")) {
      return false;
    }
    return b.structural() != null
        ? Structural.named(b.structural()).isPresent()
        : (c.gguf() != null && (b.has("gguf") || b.has("ggufFill"))) || b.has("config");
  }

  private void breaks(Case c, Breaker b) throws Exception {
    float[] golden = c.logits();
    float[] wrong;
    if (b.structural() != null) {
      UnaryOperator<Decoder> change = Structural.named(b.structural()).orElseThrow();
      wrong = run(reference(), folder(c, Map.of()), change);
    } else if (b.has("config")) {
      wrong = run(reference(), folder(c, b.map("config")), d -> d);
    } else {
      wrong = run(reference(), gguf(c, b), d -> d);
    }
    double moved = rms(wrong, golden) / c.std();
    assertTrue(
        moved > 10 * REFERENCE_TOLERANCE && moved > b.rms() / 2 && moved < b.rms() * 2,
        () -> "moved by " + moved + ", the reference by " + b.rms());
  }

  private void assertClose(Case c, float[] got) throws Exception {
    float[] golden = c.logits();
    double worst = 0;
    for (int i = 0; i < golden.length; i++) {
      worst = Math.max(worst, Math.abs((double) got[i] - golden[i]) / c.std());
    }
    double error = worst;
    assertTrue(c.std() >= 1 && error <= REFERENCE_TOLERANCE, () -> c + ": off by " + error);
  }

  private record Mode(Kernels kernels, TensorType kvType) {}

  private static Mode reference() {
    return new Mode(new ReferenceKernels(1), TensorType.F32);
  }

  private static Mode exact() {
    return new Mode(new ScalarKernels(1), TensorType.F16);
  }

  private float[] run(Mode mode, TensorFile file, UnaryOperator<Decoder> change) {
    try (Kernels kernels = mode.kernels) {
      return new GoldenRunner(kernels, mode.kvType)
          .logits(file, change, index.prompt(), index.positions(), index.prompt().length);
    }
  }

  private static TensorFile gguf(Case c, @Nullable Breaker b) {
    Map<String, Object> set = c.ggufSet();
    if (b != null) {
      set.putAll(b.map("gguf"));
    }
    return ChangedFile.of(
        GgufFile.open(Optional.ofNullable(c.gguf()).orElseThrow()),
        set,
        b == null ? Map.of() : b.map("ggufFill"));
  }

  private TensorFile folder(Case c, Map<String, Object> changes) throws Exception {
    return HfModelFile.open(ChangedFolder.make(temp, c, changes));
  }

  private static double rms(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }
}

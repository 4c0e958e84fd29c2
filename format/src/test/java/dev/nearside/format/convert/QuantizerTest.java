package dev.nearside.format.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.tensor.TensorType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizerTest {
  @TempDir Path folder;
  private Path source = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void copyModel() throws IOException {
    source = folder.resolve("source.gguf");
    target = folder.resolve("target.gguf");
    try (InputStream in = golden("tiny_llama_f16.gguf")) {
      Files.copy(in, source);
    }
  }

  /** The hashes are llama-quantize's; see golden/make_golden.py. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "F32", "F16", "BF16", "Q8_0", "Q5_0", "Q5_1", "Q4_0", "Q4_1", "MXFP4", "TQ1_0", "TQ2_0"
      })
  void quantize_anyTarget_writesLlamaCppsBytes(TensorType type) throws IOException {
    QuantizeReport report = new Quantizer(2).quantize(source, target, type, QuantizeProgress.NONE);

    List<String> lines = new ArrayList<>();
    try (GgufFile file = GgufFile.open(target)) {
      for (TensorInfo tensor : file.tensors()) {
        String digest = sha256(file.data(tensor).toArray(ValueLayout.JAVA_BYTE));
        lines.add(type + " " + tensor.name() + " " + tensor.type() + " " + digest);
      }
      assertEquals(2, file.metadata().integer("general.quantization_version"));
      assertEquals(report.tensors(), file.tensors().size());
      assertEquals(report.bytesAfter(), file.tensors().stream().mapToLong(TensorInfo::bytes).sum());
    }
    assertEquals(expected(type), lines.stream().sorted().toList());
  }

  @Test
  void quantize_report_hasSizesAndErrors() {
    QuantizeReport report =
        new Quantizer(1).quantize(source, target, TensorType.Q8_0, QuantizeProgress.NONE);

    QuantizeReport.Line kept =
        report.lines().stream().filter(l -> l.from() == TensorType.F32).findFirst().orElseThrow();
    QuantizeReport.Line changed =
        report.lines().stream().filter(l -> l.from() == TensorType.F16).findFirst().orElseThrow();
    assertEquals(3, kept.tensors());
    assertEquals(0, kept.relativeRmse());
    assertEquals(9, changed.tensors());
    assertEquals(changed.elems() * 34 / 32, changed.bytesAfter());
    assertTrue(changed.relativeRmse() > 1e-4 && changed.relativeRmse() < 0.02, changed.toString());
  }

  @Test
  void quantize_progress_endsWithAllBytes() {
    List<Long> seen = new ArrayList<>();
    new Quantizer(1)
        .quantize(
            source,
            target,
            TensorType.Q4_0,
            (tensor, done, total) -> {
              assertTrue(done <= total, tensor);
              seen.add(total - done);
            });

    assertEquals(0, seen.getLast());
    assertEquals(seen.stream().sorted((a, b) -> Long.compare(b, a)).toList(), seen);
  }

  @Test
  void quantize_manyChunks_doesNotDependOnThreads() throws IOException {
    long elems = 5L * Recoder.CHUNK_ELEMS + 64;
    float[] values = new float[(int) elems];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    Path big = folder.resolve("big.gguf");
    new GgufWriter()
        .tensor("a.weight", TensorType.F32, new long[] {2, elems / 2}, floats(values))
        .write(big);

    new Quantizer(1).quantize(big, target, TensorType.Q5_1, QuantizeProgress.NONE);
    byte[] one = Files.readAllBytes(target);
    new Quantizer(3).quantize(big, target, TensorType.Q5_1, QuantizeProgress.NONE);

    assertEquals(-1, Arrays.mismatch(one, Files.readAllBytes(target)));
  }

  @Test
  void quantize_splitModel_givesOneFile() {
    List<Path> parts;
    try (GgufFile file = GgufFile.open(source)) {
      GgufWriter writer = new GgufWriter().putAll(file.metadata());
      file.tensors()
          .forEach(
              t -> writer.tensor(t.name(), t.type(), t.shape(), TensorSource.of(file.data(t))));
      parts = writer.writeSplit(folder.resolve("split"), 20_000);
    }
    assertTrue(parts.size() > 1);

    new Quantizer(1).quantize(parts.getLast(), target, TensorType.Q8_0, QuantizeProgress.NONE);

    try (GgufFile file = GgufFile.open(target)) {
      assertEquals(12, file.tensors().size());
      assertFalse(file.metadata().has("split.count"));
    }
  }

  @Test
  void quantize_weightNotFinite_isRejectedAndNothingIsLeft() throws IOException {
    Path bad = folder.resolve("bad.gguf");
    new GgufWriter()
        .tensor("a.weight", TensorType.F32, new long[] {2, 32}, floats(withNan(64, 33)))
        .write(bad);

    String message = rejects(bad, target, TensorType.Q8_0);

    assertTrue(message.contains("a.weight, element 33"), message);
    assertFalse(Files.exists(target));
  }

  @Test
  void quantize_ontoItselfOrUnknownType_isRejected() {
    assertTrue(rejects(source, source, TensorType.Q8_0).contains("same file"));
    assertTrue(rejects(source, target, TensorType.Q4_K).contains("Q4_K"));
  }

  @Test
  void quantize_interrupted_stopsAndLeavesNothing() {
    Thread.currentThread().interrupt();

    assertThrows(
        CancellationException.class,
        () -> new Quantizer(1).quantize(source, target, TensorType.Q8_0, QuantizeProgress.NONE));

    assertTrue(Thread.interrupted());
    assertFalse(Files.exists(target));
  }

  @ParameterizedTest
  @CsvSource({
    "blk.0.attn_q.weight, F16, 64, 256, Q4_0",
    "token_embd.weight, F16, 64, 256, Q4_0",
    "output.weight, F16, 64, 256, Q4_0",
    "blk.0.attn_q.bias, F16, 64, 256, F16",
    "blk.0.attn_norm.weight, F32, 64, 256, F32",
    "blk.0.attn_norm.weight, F16, 1, 256, F16",
    "blk.0.ffn_gate_inp.weight, F32, 64, 256, F32",
    "blk.0.ssm_conv1d.weight, F32, 64, 256, F32",
    "position_embd.weight, F32, 64, 256, F32",
    "blk.0.ffn_up.weight, I32, 64, 256, I32",
    "blk.0.ffn_up.weight, F16, 64, 40, F16",
    "blk.0.ffn_up.weight, Q8_0, 64, 256, Q4_0",
  })
  void typeFor_eachKind_isLlamaCpps(
      String name, TensorType type, long rows, long cols, TensorType expected) {
    TensorInfo tensor = TensorInfo.sized(name, type, new long[] {rows, cols}, 0, 0);

    assertEquals(expected, QuantizeRules.typeFor(tensor, TensorType.Q4_0));
  }

  private String rejects(Path from, Path to, TensorType type) {
    return assertThrows(
            FormatException.class,
            () -> new Quantizer(2).quantize(from, to, type, QuantizeProgress.NONE))
        .fault()
        .message();
  }

  private static List<String> expected(TensorType type) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(golden("tiny_llama_quantized.txt"), StandardCharsets.UTF_8))) {
      return in.lines().filter(line -> line.startsWith(type + " ")).sorted().toList();
    }
  }

  private static InputStream golden(String name) {
    return Objects.requireNonNull(
        FormatException.class.getResourceAsStream("golden/" + name), name);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] withNan(int size, int at) {
    float[] values = new float[size];
    values[at] = Float.NaN;
    return values;
  }

  private static TensorSource floats(float[] values) {
    return TensorSource.of(MemorySegment.ofArray(values));
  }
}

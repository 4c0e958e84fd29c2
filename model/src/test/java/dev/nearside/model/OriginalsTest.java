package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.load.PackedPlace;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dropped original is not missed, and comes back bit for bit. */
class OriginalsTest {
  private static final int[] PROMPT = {1, 5, 9, 200, 33, 7};

  private @TempDir Path temp;

  private Path synth(String shape, String mix) {
    Path model = temp.resolve("sha256-1");
    Synth.write(SynthShapes.of(shape), QuantMix.of(mix), model, 1, Synth.Progress.NONE);
    return model;
  }

  /** Drops a model's original and returns what is left. */
  private Path drop(Path model, String kernels) throws IOException {
    Path folder = temp.resolve("packed");
    Path remainder = temp.resolve("sha256-1.remainder");
    try (Compute compute = Compute.create(kernels, 2)) {
      Path packed = Originals.pack(model, PackedFolder.of(folder), compute);
      Originals.split(model, sha256(model), packed, remainder);
      Files.move(packed, temp.resolve("sha256-1.packed"));
    }
    Files.delete(model);
    return remainder;
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] logits(Path model, String kernels) {
    return feed(Feeder.open(model, kernels, 2));
  }

  private static float[] feed(Feeder opened) {
    try (Feeder feeder = opened) {
      return feeder.feed(PROMPT, 6, 1)[0];
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-llama, Q4_K_M",
    "tiny-llama, Q8_0",
    "tiny-llama, F16",
    "tiny-qwen3moe, Q4_0",
    "tiny-phi, Q4_1",
    "tiny-gemma3, Q5_K_M",
    "tiny-qwen3, IQ4_NL"
  })
  void split_thenRebuild_givesTheSameFile(String shape, String mix) throws IOException {
    Path model = synth(shape, mix);
    byte[] original = Files.readAllBytes(model);
    String digest = sha256(model);
    float[] expected = logits(model, "vector");
    Path remainder = drop(model, "vector");
    assertTrue(Files.size(remainder) < original.length / 2, "most of it is dropped");
    assertArrayEquals(expected, logits(remainder, "vector"), 0f, "same kernels");
    assertArrayEquals(expected, logits(remainder, "scalar"), 0f, "another layout");
    assertEquals(digest, Originals.sha256(remainder));
    Path back = temp.resolve("back");
    Originals.rebuild(remainder, back);
    assertArrayEquals(original, Files.readAllBytes(back));
  }

  @Test
  void split_formatThatDoesNotComeBackQuite_isKept() throws IOException {
    Path model = synth("tiny-gpt-oss", "MXFP4");
    String digest = sha256(model);
    float[] expected = logits(model, "vector");
    Path remainder = drop(model, "vector");
    assertArrayEquals(expected, logits(remainder, "vector"), 0f);
    assertEquals(digest, Originals.sha256(remainder));
  }

  @Test
  void open_remainder_readsLikeTheOriginal() throws IOException {
    Path model = synth("tiny-llama", "Q4_K_M");
    Path copy = Files.copy(model, temp.resolve("copy.gguf"));
    Path remainder = drop(model, "vector");
    try (TensorFile expected = GgufFile.open(copy);
        TensorFile got = ModelFiles.open(remainder)) {
      assertEquals(expected.metadata(), got.metadata());
      assertEquals(expected.tensors(), got.tensors());
      for (TensorInfo tensor : expected.tensors()) {
        assertArrayEquals(
            expected.data(tensor).toArray(ValueLayout.JAVA_BYTE),
            got.data(got.get(tensor.name())).toArray(ValueLayout.JAVA_BYTE),
            tensor.name());
      }
    }
  }

  @Test
  void load_byBestKernels_thenByOthers_keepsPackedWeightsOfThose() throws IOException {
    Path model = synth("tiny-llama", "Q4_0");
    float[] expected = logits(model, "vector");
    Path remainder = drop(model, "auto");
    assertArrayEquals(expected, logits(remainder, "auto"), 0f);
    Path folder = temp.resolve("packed");
    PackedPlace place = PackedPlace.of(PackedFolder.of(folder), remainder);
    for (int start = 0; start < 2; start++) {
      assertArrayEquals(expected, feed(Feeder.open(remainder, place)), 0f);
    }
    boolean isSame = layout("auto").equals(layout("vector"));
    assertEquals(isSame ? 0 : 1, PackedFiles.list(folder).size(), "it brings its own along");
  }

  private static String layout(String kernels) {
    try (Compute compute = Compute.create(kernels, 1)) {
      return compute.kernels().layout().orElseThrow();
    }
  }

  @Test
  void open_flippedBits_isRefusedAndSaysWhatToDo() throws IOException {
    Path remainder = drop(synth("tiny-llama", "Q4_0"), "vector");
    Path packed = temp.resolve("sha256-1.packed");
    for (Path file : List.of(packed, remainder)) {
      byte[] whole = Files.readAllBytes(file);
      byte[] changed = whole.clone();
      changed[whole.length - 500] ^= 4;
      Files.write(file, changed);
      FormatException e =
          assertThrows(FormatException.class, () -> logits(remainder, "vector"), file.toString());
      assertTrue(e.fault().message().contains("damaged"), e.fault().message());
      assertTrue(String.valueOf(e.fault().hint()).contains("pull --original"));
      assertThrows(FormatException.class, () -> Originals.sha256(remainder));
      Files.write(file, whole);
    }
    assertTrue(logits(remainder, "vector").length > 0, "all is well again");
  }

  @Test
  void open_packedOfAnotherModel_isRefused() throws IOException {
    Path remainder = drop(synth("tiny-llama", "Q4_0"), "vector");
    Path packed = temp.resolve("sha256-1.packed");
    Path kept = Files.move(packed, temp.resolve("first"));
    Path other = temp.resolve("other.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), other, 2, Synth.Progress.NONE);
    try (Compute compute = Compute.create("vector", 1)) {
      Path another = Originals.pack(other, PackedFolder.of(temp.resolve("p")), compute);
      Files.copy(another, packed);
    }
    assertThrows(FormatException.class, () -> logits(remainder, "vector"));
    Files.delete(packed);
    assertThrows(FormatException.class, () -> logits(remainder, "vector"), "none at all");
    Files.move(kept, packed);
    assertTrue(logits(remainder, "vector").length > 0);
  }

  @Test
  void split_wrongDigest_leavesNothing() throws IOException {
    Path model = synth("tiny-llama", "Q4_0");
    Path remainder = temp.resolve("r.remainder");
    try (Compute compute = Compute.create("vector", 1)) {
      Path packed = Originals.pack(model, PackedFolder.of(temp.resolve("packed")), compute);
      assertThrows(
          FormatException.class, () -> Originals.split(model, "0".repeat(64), packed, remainder));
    }
    assertFalse(Files.exists(remainder));
  }

  @Test
  void pack_scalarKernels_isRefused() {
    Path model = synth("tiny-llama", "Q4_0");
    try (Compute compute = Compute.create("scalar", 1)) {
      PackedFolder folder = PackedFolder.of(temp.resolve("packed"));
      assertThrows(ModelException.class, () -> Originals.pack(model, folder, compute));
    }
  }
}

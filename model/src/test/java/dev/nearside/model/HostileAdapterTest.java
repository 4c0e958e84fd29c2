package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.NearsideException;
import dev.nearside.format.MetaValue;
import dev.nearside.tensor.kernel.ScalarKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no adapters of the model: each is refused with what is wrong, and closed. */
class HostileAdapterTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String Q = "blk.0.attn_q.weight"; // (64, 64)

  private @TempDir Path temp;
  private Compute compute;
  private LanguageModel model;

  @BeforeEach
  void open() {
    compute = Compute.of(new ScalarKernels(1));
    model =
        Models.load(
            ModelFiles.open(GOLDEN.resolve("llama/llama.gguf")), compute, LoadOptions.DEFAULTS);
  }

  @AfterEach
  void close() {
    model.close();
    compute.close();
  }

  private static AdapterFiles good() {
    return new AdapterFiles("llama", 8, 1);
  }

  @Test
  void load_wrongFiles_sayWhatIsWrong() {
    Map<String, AdapterFiles> wrong = new LinkedHashMap<>();
    wrong.put("general.type", good().put("general.type", "model").pair(Q, 64, 4, 64));
    wrong.put("adapter.type", good().remove("adapter.type").pair(Q, 64, 4, 64));
    wrong.put("general.architecture", new AdapterFiles("qwen2", 8, 1).pair(Q, 64, 4, 64));
    wrong.put(
        "alora",
        good().put("adapter.alora.invocation_tokens", MetaValue.int32s(1, 2)).pair(Q, 64, 4, 64));
    wrong.put("alpha", new AdapterFiles("llama", Double.NaN, 1).pair(Q, 64, 4, 64));
    wrong.put("no tensors", good());
    wrong.put(Q + ".lora_b", good().tensor(Q + ".lora_a", 1, 4, 64));
    wrong.put("blk.7.attn_q.weight", good().pair("blk.7.attn_q.weight", 64, 4, 64));
    wrong.put(
        "blk.0.attn_norm.weight",
        good().pair(Q, 64, 4, 64).tensor("blk.0.attn_norm.weight", 1, 64));
    wrong.put("[4, 32]", good().pair(Q, 64, 4, 32));
    wrong.put("[128, 4]", good().pair(Q, 128, 4, 64));
    wrong.put(
        "the rank of", good().tensor(Q + ".lora_a", 1, 4, 64).tensor(Q + ".lora_b", 1, 64, 5));
    wrong.put("two matrices", good().tensor(Q + ".lora_a", 1, 64).tensor(Q + ".lora_b", 1, 64, 1));
    wrong.put(
        "expected [4, 64]",
        good().tensor(Q + ".lora_a", 1, 6, 4, 64).tensor(Q + ".lora_b", 1, 6, 64, 4));
    wrong.put("[128, 2]", good().embedding(120, 2, 64));
    wrong.put("[64, 2]", good().embedding(128, 2, 32));
    wrong.forEach((word, file) -> {
      Path path = file.write(temp.resolve("adapter.gguf"));
      NearsideException e = assertThrows(NearsideException.class, () -> load(path), word);
      assertTrue(e.toString().contains(word), () -> word + " is not in: " + e);
    });
  }

  @Test
  void load_notANumber_isRefused() {
    Path file =
        good()
            .tensor(Q + ".lora_a", 1, 2, 64)
            .tensor(Q + ".lora_b", 1e39, 64, 2)
            .write(temp.resolve("infinite.gguf"));
    assertThrows(NearsideException.class, () -> load(file));
  }

  @Test
  void load_modelFile_isRefused() {
    assertThrows(ModelException.class, () -> load(GOLDEN.resolve("llama/llama.gguf")));
  }

  /** Any damage is an error that says so, or an adapter that can be used: never anything else. */
  @Test
  void load_damagedFiles_areRefusedOrLoad() throws IOException {
    byte[] whole = Files.readAllBytes(GOLDEN.resolve("adapters/narrow.gguf"));
    Random random = new Random(11);
    int refused = 0;
    for (int round = 0; round < 600; round++) {
      byte[] bytes = whole.clone();
      for (int i = 0; i <= round % 4; i++) {
        bytes[random.nextInt(round % 3 == 0 ? bytes.length : 1400)] = (byte) random.nextInt();
      }
      Path file = temp.resolve("damaged.gguf");
      Files.write(file, round % 10 == 9 ? java.util.Arrays.copyOf(bytes, round * 16) : bytes);
      try {
        load(file).close();
      } catch (NearsideException e) {
        refused++;
      }
    }
    assertTrue(refused > 100, "refused " + refused);
  }

  @Test
  void load_refused_leavesNoFileMapped() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.isReadable(maps), "the list of mapped files is Linux's");
    Path file = good().pair("nothing.weight", 64, 4, 64).write(temp.resolve("unmapped.gguf"));
    assertThrows(ModelException.class, () -> load(file));
    assertEquals(
        List.of(),
        Files.readAllLines(maps).stream().filter(l -> l.endsWith("unmapped.gguf")).toList());
  }

  private Adapter load(Path file) {
    return model.adapters().orElseThrow().load(ModelFiles.open(file));
  }
}

package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Packed weights and dropped originals, as users see them. */
class PackedCommandsTest {
  private static final String[] ASK = {"run", "tiny", "-p", "ab", "-t", "0", "-n", "8"};

  @TempDir Path folder;
  private byte[] original;
  private Cli cli;

  @BeforeEach
  void create() throws IOException {
    Path model = folder.resolve("tiny.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), model, 1, Synth.Progress.NONE);
    original = Files.readAllBytes(model);
    cli = cli(Map.of());
    Path modelfile = Files.writeString(folder.resolve("Modelfile"), "FROM " + model + "\n");
    ok(cli, "create", "tiny", "-f", modelfile.toString());
    Files.delete(model);
  }

  private Cli cli(Map<String, String> changes) {
    Map<String, String> all = new HashMap<>(Map.of("NEARSIDE_KERNELS", "vector"));
    all.putAll(changes);
    return new Cli(folder, all);
  }

  private static Cli.Result ok(Cli cli, String... args) {
    Cli.Result result = cli.run(args);
    assertEquals(0, result.code(), result.err());
    return result;
  }

  private JsonNode json(String... args) {
    return JsonMapper.shared().readTree(ok(cli, args).out());
  }

  private JsonNode listed() {
    JsonNode all = json("list", "--json");
    assertEquals(1, all.size());
    return all.get(0);
  }

  private List<Path> files(String in) throws IOException {
    Path at = folder.resolve("nearside").resolve(in);
    if (!Files.isDirectory(at)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(at)) {
      return files.sorted().toList();
    }
  }

  @Test
  void list_andShow_countThePackedCopy_andRemoveTakesIt() throws IOException {
    assertEquals(0, listed().path("packed_bytes").asLong());
    ok(cli, ASK);
    Path packed = files("packed").getFirst();
    assertEquals(Files.size(packed), listed().path("packed_bytes").asLong());
    assertEquals(original.length, listed().path("file_bytes").asLong());
    assertTrue(ok(cli, "list").out().contains("PACKED"));
    assertEquals(Files.size(packed), json("show", "tiny", "--json").path("packed_bytes").asLong());
    JsonNode doctor = json("doctor", "--json").path("packed");
    assertEquals(Files.size(packed), doctor.path("used_bytes").asLong());
    assertEquals(20_000_000_000L, doctor.path("limit_bytes").asLong());
    ok(cli, "rm", "tiny");
    assertEquals(List.of(), files("packed"));
  }

  @Test
  void original_droppedAndBroughtBack_isTheSame() throws IOException {
    String reply = ok(cli, ASK).out();
    assertFalse(reply.isEmpty());
    assertEquals(
        original.length, json("prune", "--original", "tiny", "--json").path("freed_bytes").asInt());
    assertEquals(List.of(), files("packed"), "it went to the blobs");
    long left = 0;
    for (Path file : files("blobs")) {
      left += Files.size(file);
    }
    JsonNode listed = listed();
    assertEquals("dropped", listed.path("original").asString());
    assertEquals(left, listed.path("file_bytes").asLong() + listed.path("packed_bytes").asLong());
    assertTrue(ok(cli, "list").out().contains("original dropped"));
    assertEquals("llama", json("show", "tiny", "--json").path("architecture").asString());
    assertEquals(reply, ok(cli, ASK).out(), "it runs as before");
    assertEquals(reply, ok(cli(Map.of("NEARSIDE_KERNELS", "scalar")), ASK).out(), "also unpacked");
    assertTrue(ok(cli, "prune", "--original", "tiny").err().contains("no original any more"));
    assertEquals(0, json("prune", "--json").path("removed").size(), "nothing of it is garbage");
    assertTrue(ok(cli, "tokenize", "tiny", "ab").out().length() > 0);
    Path quantized = folder.resolve("q8.gguf");
    ok(cli, "quantize", "tiny", quantized.toString(), "Q8_0");
    assertTrue(Files.size(quantized) > original.length);
    assertEquals(0, json("doctor", "--verify", "--json").path("verify").path("problems").asInt());
    ok(cli, "pull", "--original", "tiny");
    assertEquals(List.of(), files("packed"), "what was packed of the remainder is gone with it");
    assertEquals(1, files("blobs").size());
    assertArrayEquals(original, Files.readAllBytes(files("blobs").getFirst()));
    assertEquals("present", listed().path("original").asString());
    assertEquals(reply, ok(cli, ASK).out());
  }

  @Test
  void original_ofWhatIsNoModelOfOurs_staysAndOthersGo() throws IOException {
    Cli.Result result = cli.run("prune", "--original", "absent", "tiny");
    assertEquals(1, result.code());
    assertTrue(result.err().contains("error: "), result.err());
    assertEquals("dropped", listed().path("original").asString());
    Cli.Result scalar =
        cli(Map.of("NEARSIDE_KERNELS", "scalar")).run("prune", "--original", "tiny");
    assertEquals(0, scalar.code(), "nothing is left to do");
    ok(cli, "pull", "--original", "tiny");
    Cli.Result none = cli(Map.of("NEARSIDE_KERNELS", "scalar")).run("prune", "--original", "tiny");
    assertEquals(1, none.code());
    assertTrue(none.err().contains("no packed weights"), none.err());
    assertEquals("present", listed().path("original").asString());
  }

  @Test
  void original_dropped_removeTakesAll() throws IOException {
    ok(cli, "prune", "--original", "tiny");
    ok(cli, ASK);
    ok(cli, "rm", "tiny");
    assertEquals(List.of(), files("blobs"));
    assertEquals(List.of(), files("packed"));
  }

  @Test
  void original_droppedAndDamaged_saysSoEverywhere() throws IOException {
    ok(cli, "prune", "--original", "tiny");
    Path packed =
        files("blobs").stream().filter(f -> f.toString().endsWith(".packed")).toList().getFirst();
    byte[] bytes = Files.readAllBytes(packed);
    bytes[bytes.length / 2] ^= 1;
    Files.write(packed, bytes);
    for (String[] args : new String[][] {ASK, {"pull", "--original", "tiny"}}) {
      Cli.Result result = cli.run(args);
      assertEquals(1, result.code());
      assertTrue(result.err().contains("damaged"), result.err());
    }
    JsonNode doctor = json("doctor", "--verify", "--json");
    assertEquals(1, doctor.path("verify").path("problems").asInt(), doctor.toString());
    assertEquals("dropped", listed().path("original").asString());
  }

  @Test
  void packedDisk_limitsWhatIsKept() throws IOException {
    ok(cli(Map.of("NEARSIDE_PACKED_DISK", "0")), ASK);
    assertEquals(List.of(), files("packed"));
    ok(cli, ASK);
    assertEquals(1, files("packed").size());
    assertEquals(1, json("prune", "--packed-disk", "0", "--json").path("removed").size());
    assertEquals(List.of(), files("packed"));
    assertEquals(2, cli.run("run", "tiny", "-p", "x", "--packed-disk", "-1").code());
    Cli.Result wrong = cli(Map.of("NEARSIDE_PACKED_DISK", "much")).run(ASK);
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("NEARSIDE_PACKED_DISK"), wrong.err());
  }

  @Test
  void doctorVerify_findsFlippedBits() throws IOException {
    ok(cli, ASK);
    Path packed = files("packed").getFirst();
    byte[] bytes = Files.readAllBytes(packed);
    bytes[bytes.length / 2] ^= 1;
    Files.write(packed, bytes);
    JsonNode doctor = json("doctor", "--verify", "--json");
    assertEquals(1, doctor.path("verify").path("problems").asInt());
    assertTrue(doctor.path("warnings").toString().contains("is damaged"), doctor.toString());
  }
}

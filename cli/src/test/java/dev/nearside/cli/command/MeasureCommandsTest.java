package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.engine.power.EnergyMeters;
import dev.nearside.engine.power.EnergySource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that make and measure models, on tiny random ones. */
class MeasureCommandsTest {
  private static final String TEXT = "the people of the time like it and take the other way. ";

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> env = new HashMap<>();

  @Test
  void synth_json_tellsWhatWasWritten() throws IOException {
    JsonNode json = json("synth", "tiny-llama", "q4_k_m", path("m.gguf"), "--json");
    assertEquals(Files.size(folder.resolve("m.gguf")), json.get("bytes").asLong());
    assertEquals("Q4_K_M", json.get("type").asString());
    assertEquals(20, json.get("tensors").asInt());
  }

  @Test
  void synth_unknownShapeOrType_failsAndSaysWhichThereAre() {
    assertEquals(1, run("synth", "huge", "Q4_0", path("m.gguf")));
    assertTrue(errors().contains("qwen2.5-0.5b"), errors());
    assertEquals(1, run("synth", "tiny-llama", "Q9", path("m.gguf")));
    assertTrue(errors().contains("Q4_K_M"), errors());
    assertFalse(Files.exists(folder.resolve("m.gguf")));
  }

  @Test
  void quantize_json_hasSizesAndErrorPerType() {
    json("synth", "tiny-llama", "f16", path("m.gguf"), "--json");
    JsonNode json = json("quantize", path("m.gguf"), path("q.gguf"), "q8_0", "--json");
    assertEquals("Q8_0", json.get("type").asString());
    JsonNode line = json.get("types").path(0);
    assertEquals("Q8_0", line.get("to").asString());
    assertEquals(15, line.get("tensors").asInt());
    double error = line.get("relative_rmse").asDouble();
    assertTrue(error > 0.003 && error < 0.008, () -> "error of Q8_0: " + error);
    assertTrue(json.get("bytes_after").asLong() < json.get("bytes_before").asLong());
  }

  @Test
  void quantize_unknownType_isAUsageError() {
    assertEquals(2, run("quantize", path("m.gguf"), path("q.gguf"), "Q4_K_XL"));
    assertTrue(errors().contains("Q8_0"), errors());
  }

  @Test
  void quantize_missingFile_fails() {
    assertEquals(1, run("quantize", path("none.gguf"), path("q.gguf"), "Q8_0", "--offline"));
    assertTrue(errors().startsWith("error: "), errors());
  }

  @Test
  void perplexity_eightBitCache_isNearAndNotEqual() throws IOException {
    json("synth", "tiny-qwen2", "f16", path("m.gguf"), "--json");
    Files.writeString(folder.resolve("text"), TEXT.repeat(20));
    String[] common = {"perplexity", path("m.gguf"), "--text", path("text"), "--json"};
    String[] engine = {"--kernels", "scalar", "--threads", "1", "--ctx", "64"};
    String[] small = plus(engine, common);
    double sixteen = json(plus(new String[] {"--kv", "f16"}, small)).get("perplexity").asDouble();
    double eight = json(plus(new String[] {"--kv", "q8_0"}, small)).get("perplexity").asDouble();
    assertTrue(sixteen != eight, "the flag is honoured");
    assertEquals(sixteen, eight, 0.01 * sixteen);
  }

  @Test
  void kv_unknownOrContradicted_isAUsageError() {
    assertEquals(2, run("bench", path("m.gguf"), "--kv", "q4_0"));
    assertTrue(errors().contains("q8_0"), errors());
    String[] both = {"--kv", "f16", "--kv-f32"};
    assertEquals(2, run(plus(both, "perplexity", path("m.gguf"), "--text", path("text"))));
    assertTrue(errors().contains("--kv-f32"), errors());
  }

  @Test
  void perplexity_savedLogitsOfTheSameModel_haveNoDivergence() throws IOException {
    json("synth", "tiny-qwen2", "f16", path("m.gguf"), "--json");
    Files.writeString(folder.resolve("text"), TEXT.repeat(20));
    String[] common = {"--kernels", "scalar", "--threads", "1", "--json"};
    JsonNode saved =
        json(
            plus(
                common,
                "perplexity",
                path("m.gguf"),
                "--text",
                path("text"),
                "--ctx",
                "32",
                "--save-logits",
                path("base")));
    JsonNode compared =
        json(
            plus(
                common,
                "perplexity",
                path("m.gguf"),
                "--text",
                path("text"),
                "--ctx",
                "32",
                "--kl-divergence-base",
                path("base")));
    double perplexity = saved.get("perplexity").asDouble();
    assertTrue(perplexity > 10, () -> "perplexity " + perplexity);
    assertEquals(perplexity, compared.get("perplexity").asDouble(), 1e-3 * perplexity);
    assertEquals(perplexity, compared.get("base_perplexity").asDouble(), 1e-3 * perplexity);
    assertEquals(0, compared.get("mean_kl").asDouble(), 1e-5);
    assertTrue(compared.get("max_kl").asDouble() >= compared.get("p999_kl").asDouble());
    assertEquals(1, compared.get("same_top").asDouble());
    assertEquals(saved.get("tokens").asInt(), compared.get("tokens").asInt());
    assertFalse(errors().contains("warning"), errors());
  }

  @Test
  void perplexity_withoutText_isAUsageError() {
    assertEquals(2, run("perplexity", path("m.gguf")));
    assertTrue(errors().contains("--text"), errors());
  }

  @Test
  void perplexity_missingText_fails() {
    json("synth", "tiny-qwen2", "q8_0", path("m.gguf"), "--json");
    assertEquals(1, run("perplexity", path("m.gguf"), "--text", path("none")));
    assertTrue(errors().contains("none"), errors());
  }

  @Test
  void bench_json_hasALineOfSamplesPerTest() {
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    JsonNode json =
        json(
            "bench",
            path("m.gguf"),
            "-p",
            "8",
            "-n",
            "2",
            "-d",
            "0,4",
            "-r",
            "2",
            "-t",
            "1",
            "--kernels",
            "scalar",
            "--json");
    assertEquals(4, json.size());
    assertEquals("tg2 @ d4", json.path(3).get("test").asString());
    assertEquals(2, json.path(3).get("samples_ts").size());
    assertEquals("exact", json.path(0).get("numerics").asString());
    assertEquals("scalar", json.path(0).get("kernels").asString());
  }

  @Test
  void bench_tellsWhatCountsEnergy_orWhyNothingDoes() {
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    String[] quick = {"--test", "tg2", "-r", "1", "-t", "1", "--kernels", "scalar"};
    String[] bench = plus(quick, "bench", path("m.gguf"));
    JsonNode json = json(plus(new String[] {"--json"}, bench)).path(0);
    boolean isCounted = json.get("energy_obstacle").isNull();
    assertTrue(json.get("energy_source").isNull() != isCounted);
    assertEquals(isCounted, json.get("avg_joules_per_token").isNumber());
    assertTrue(json.get("power_budget").isNull());
    assertEquals(0, run(bench), this::errors);
    String table = out.toString(StandardCharsets.UTF_8);
    assertEquals(2, table.split("energy: ", -1).length, table);
    assertEquals(isCounted, table.contains("joules/token"), table);
    assertEquals(0, run(plus(new String[] {"-o", "csv"}, bench)), this::errors);
    String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
    assertTrue(lines[0].endsWith(",joules_per_token"), lines[0]);
    assertEquals(isCounted, !lines[1].endsWith(","), lines[1]);
    assertEquals(isCounted, !errors().contains("energy: it can't be measured here: "), errors());
  }

  @Test
  void powerBudget_share_isToldAndBeatsTheEnvironment() {
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    String[] quick = {"--test", "tg2", "-r", "1", "-t", "1", "--kernels", "scalar", "--json"};
    String[] bench = plus(quick, "bench", path("m.gguf"));
    env.put("NEARSIDE_POWER_BUDGET", "40%");
    assertEquals("40%", json(bench).path(0).get("power_budget").asString());
    String[] flag = {"--power-budget", "60%"};
    assertEquals("60%", json(plus(flag, bench)).path(0).get("power_budget").asString());
    env.put("NEARSIDE_POWER_BUDGET", "some");
    assertEquals(1, run(bench));
    assertTrue(errors().contains("'some'"), errors());
    assertTrue(errors().contains("NEARSIDE_POWER_BUDGET"), errors());
  }

  @Test
  void powerBudget_nonsense_isAUsageError() {
    for (String command : new String[] {"run", "serve", "bench", "perplexity"}) {
      assertEquals(2, run(command, "--power-budget", "150%", path("m.gguf")));
      assertTrue(errors().contains("'150%'") && errors().contains("15W"), errors());
    }
  }

  @Test
  void powerBudget_wattsWithoutCounters_sayWhatToDo() throws InterruptedException {
    assumeTrue(
        EnergyMeters.ofMachine().processor() instanceof EnergySource.Uncounted,
        "this machine counts");
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    String[] watts = {"--power-budget", "10"};
    for (String[] command :
        new String[][] {
          {"bench", path("m.gguf")}, {"run", "--alone", "-m", path("m.gguf"), "-p", "Hi"}, {"serve"}
        }) {
      assertEquals(1, run(plus(watts, command)));
      assertTrue(errors().contains("error: a power budget in watts can't be held here"), errors());
      assertTrue(errors().contains("50%"), errors());
    }
  }

  @Test
  void bench_format_tellsTheMasksPart() {
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    String[] format = {"--format", "{\"type\": \"boolean\"}"};
    String[] quick = {"-r", "2", "-t", "1", "--kernels", "scalar", "--json"};
    JsonNode json = json(plus(plus(quick, format), "bench", path("m.gguf")));
    assertEquals(2, json.get("share").size());
    double share = json.get("share").path(0).asDouble();
    assertTrue(share > 0 && share < 1, "share " + share);
    assertTrue(json.get("first_mask_us").asDouble() > 0);
    assertTrue(json.get("vocabulary_ms").asDouble() > 0);
    assertEquals(2, run(plus(format, "bench", path("m.gguf"), "--vs", "llama-bench")));
  }

  @Test
  void bench_modelByName_isCalledByItsName() throws Exception {
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    byte[] content = Files.readAllBytes(folder.resolve("m.gguf"));
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    Path blobs = Files.createDirectories(folder.resolve("ollama/blobs"));
    Files.write(blobs.resolve("sha256-" + sha256), content);
    Path manifests =
        Files.createDirectories(folder.resolve("ollama/manifests/registry.ollama.ai/library/tiny"));
    Files.writeString(
        manifests.resolve("latest"),
        ("{\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.model\","
                + "\"digest\":\"sha256:%s\",\"size\":%d}]}")
            .formatted(sha256, content.length));
    Cli cli = new Cli(folder);
    String[] args = {"bench", "ollama/tiny", "--test", "tg1", "-r", "1", "-t", "1"};
    Cli.Result json = cli.run(plus(new String[] {"--json"}, args));
    assertEquals(0, json.code(), json.err());
    assertEquals(
        "ollama/tiny", new JsonMapper().readTree(json.out()).path(0).path("model").asString());
    String table = cli.run(args).out();
    assertTrue(table.contains("| ollama/tiny "), table);
    assertFalse(table.contains("sha256-"), table);
  }

  @Test
  void bench_vs_runsInTurnsAndDividesPairs() throws IOException {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "the stand-in for llama-bench is a shell script");
    Path fake = folder.resolve("llama-bench");
    Files.writeString(
        fake,
        """
        #!/bin/sh
        echo "$@" >> "$(dirname "$0")/calls"
        echo '[{"build_commit": "abc", "avg_ts": 4.0, "samples_ts": [4.0]}]'
        """);
    Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwx------"));
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    JsonNode json =
        json(
            "bench",
            path("m.gguf"),
            "--vs",
            fake.toString(),
            "--test",
            "tg2@d3",
            "--runs",
            "3",
            "--threads",
            "1",
            "--kernels",
            "scalar",
            "--json");
    assertEquals(3, json.get("ours").size());
    assertEquals("[4.0,4.0,4.0]", json.get("theirs").toString());
    double first = json.get("ours").path(0).asDouble() / 4;
    assertTrue(json.get("ratio_min").asDouble() <= first);
    assertTrue(json.get("ratio_max").asDouble() >= first);
    String call = Files.readAllLines(folder.resolve("calls")).getFirst();
    assertTrue(call.endsWith("-o json -r 1 -p 0 -n 2 -d 3 -t 1"), call);
  }

  @Test
  void bench_vsMissingProgram_fails() {
    json("synth", "tiny-llama", "q8_0", path("m.gguf"), "--json");
    assertEquals(
        1,
        run("bench", path("m.gguf"), "--test", "tg1", "--kernels", "scalar", "--vs", path("none")));
    assertTrue(errors().contains("llama-bench can't be started"), errors());
  }

  @Test
  void bench_nothingToMeasure_isAUsageError() {
    assertEquals(2, run("bench", path("m.gguf"), "-p", "0", "-n", "0"));
    assertEquals(2, run("bench", path("m.gguf"), "--runs", "0"));
  }

  private static String[] plus(String[] last, String... first) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(last)).toArray(String[]::new);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private JsonNode json(String... args) {
    assertEquals(0, run(args), this::errors);
    return new JsonMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    env.put("NEARSIDE_HOME", folder.resolve("home").toString());
    CliContext context =
        new CliContext(
            Map.copyOf(env),
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false);
    return RootCommand.commandLine(context)
        .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
        .execute(args);
  }
}

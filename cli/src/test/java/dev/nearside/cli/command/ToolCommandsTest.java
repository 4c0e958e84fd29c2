package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ToolCommandsTest {
  @TempDir static Path folder;

  private static Path model;

  private final Cli cli = new Cli(folder);

  @BeforeAll
  static void writeModel() {
    model = folder.resolve("tiny.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), model, 1, Synth.Progress.NONE);
  }

  @Test
  void show_file_describesIt() {
    JsonNode json = json(cli.run("show", model.toString(), "--json", "--metadata", "--tensors"));
    assertEquals("llama", json.path("architecture").asString());
    assertEquals(2, json.path("layers").asInt());
    assertEquals(640, json.path("vocabulary").asInt());
    assertFalse(json.path("base").asBoolean());
    assertEquals("present", json.path("template").asString());
    assertEquals(
        json.path("tensor_count").asInt(), json.path("tensors").size(), "every tensor is listed");
    assertEquals("llama", json.path("metadata").path("general.architecture").asString());
    long bytes = 0;
    for (JsonNode type : json.path("tensor_types")) {
      bytes += type.path("bytes").asLong();
    }
    assertTrue(bytes > 0 && bytes < json.path("bytes").asLong());
  }

  @Test
  void run_contextIsFull_isToldOnStandardErrorAlone() {
    String[] args = {"run", "-m", model.toString(), "-p", "ab", "-t", "0", "--ctx", "64"};
    Cli.Result full = cli.run(args);
    assertEquals(0, full.code(), full.err());
    assertTrue(full.err().contains("(the context of 64 tokens is full; "), full.err());
    assertFalse(full.out().contains("context of"), full.out());
    String[] limited = Arrays.copyOf(args, args.length + 2);
    limited[args.length] = "-n";
    limited[args.length + 1] = "3";
    assertFalse(cli.run(limited).err().contains("context of"));
  }

  @Test
  void show_sections_areAlone() {
    Cli.Result tensors = cli.run("show", model.toString(), "--tensors");
    assertEquals(0, tensors.code());
    assertTrue(tensors.out().startsWith("TENSOR"), tensors.out());
    assertTrue(cli.run("show", model.toString()).out().contains("architecture"));
  }

  @Test
  void show_cutFile_failsWithOneLine() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    Path cut = folder.resolve("cut.gguf");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
    assertFailure(cli.run("show", cut.toString()));
    assertFailure(cli.run("show", folder.resolve("absent.gguf").toString()));
  }

  @Test
  void tokenizeLines_roundTrip_andGoOnAfterErrors() {
    String input =
        "{\"text\":\"ab\"}\n\nnonsense\n[1]\n{}\n{\"ids\":[640]}\n{\"ids\":[\"1\"]}\n"
            + "{\"text\":\"ab\",\"add\":true}";
    Cli.Result result = cli.runWith(input, "tokenize", model.toString(), "--jsonl");
    assertEquals(0, result.code(), result.err());
    List<JsonNode> answers = result.out().lines().map(JsonMapper.shared()::readTree).toList();
    assertEquals(7, answers.size(), "one answer for each line that is not blank");
    for (JsonNode bad : answers.subList(1, 6)) {
      assertTrue(bad.path("error").path("message").isString(), bad.toString());
    }
    String ids = answers.getFirst().path("ids").toString();
    Cli.Result back = cli.runWith("{\"ids\":" + ids + "}", "tokenize", model.toString(), "--jsonl");
    assertEquals("{\"text\":\"ab\"}\n", back.out());
    assertTrue(answers.getLast().path("ids").size() >= answers.getFirst().path("ids").size());
  }

  @Test
  void templateLines_renderAndPlaceErrors() {
    String input =
        "{\"template\":\"  {% if x %}\\n{{ x }}{% endif %}\",\"vars\":{\"x\":\"é\"}}\n"
            + "{\"template\":\" {% if 1 %}\\na{% endif %}\",\"options\":{}}\n"
            + "{\"template\":\"{{ strftime_now('%H:%M') }}\",\"now\":\"2026-01-02T03:04:05\"}\n"
            + "{\"template\":\"a\\n{{ b\"}\n"
            + "{\"template\":\"{{ x }}\",\"vars\":{\"x\":\"\\ud800\"}}\n"
            + "{\"template\":\"\"}\n"
            + "{\"template\":1}\n"
            + "{\"template\":\"\",\"now\":\"soon\"}\n";
    Cli.Result result = cli.runWith(input, "template", "--jsonl");
    List<JsonNode> answers = result.out().lines().map(JsonMapper.shared()::readTree).toList();
    assertEquals("é", answers.get(0).path("text").asString());
    assertEquals(" \na", answers.get(1).path("text").asString());
    assertEquals("03:04", answers.get(2).path("text").asString());
    assertEquals(2, answers.get(3).path("error").path("line").asInt());
    assertTrue(answers.get(3).path("error").path("column").isInt());
    assertTrue(result.out().contains("{\"text\":\"\\ud800\"}"), result.out());
    assertEquals("", answers.get(5).path("text").asString());
    assertTrue(answers.get(6).path("error").path("message").isString());
    assertTrue(answers.get(7).path("error").path("message").isString());
  }

  @Test
  void template_file_rendersMessages() throws IOException {
    Path template = Files.writeString(folder.resolve("t.jinja"), "{{ messages[0].content }}!");
    Cli.Result result =
        cli.runWith(
            "[{\"role\":\"user\",\"content\":\"hi\"}]",
            "template",
            template.toString(),
            "--messages",
            "-");
    assertEquals("hi!", result.out());
    assertFailure(cli.runWith("{", "template", template.toString(), "--messages", "-"));
    assertEquals(2, cli.run("template", template.toString()).code());
  }

  @Test
  void lists_areJson() {
    assertEquals(0, json(cli.run("list", "--json")).size());
    JsonNode all = json(cli.run("ls", "--all", "--json"));
    assertTrue(all.size() > 5);
    assertFalse(all.get(0).path("installed").asBoolean());
  }

  @Test
  void store_commandsOnAbsentModels_fail() {
    assertEquals(1, cli.run("rm", "absent-one", "absent-two").code());
    assertEquals(2, cli.run("rm", "absent-one", "absent-two").err().lines().count());
    assertFailure(cli.run("cp", "absent-one", "other"));
    assertFailure(cli.run("pull", "smollm2:135m", "--offline"));
    assertEquals(0, json(cli.run("prune", "--json")).path("freed_bytes").asInt());
  }

  @Test
  void pull_localFileThatIsNoModel_fails() throws IOException {
    Path file = Files.writeString(cli.home().resolve("text.gguf"), "hello, this is no model");
    assertFailure(cli.run("pull", file.toString()));
  }

  @Test
  void run_emptyPromptOrMissingFile_saysSo() {
    assertTrue(cli.run("run", "").err().contains("nothing to answer"));
    Cli.Result missing = cli.run("template", "smollm2:135m", "--messages", "/nope/nope.json");
    assertEquals(1, missing.code());
    assertFalse(missing.err().contains("NoSuchFile"), missing.err());
  }

  @Test
  void prune_packedWeightsWithoutTheirModel_areRemoved() throws IOException {
    Path packed = Files.createDirectories(cli.home().resolve("nearside/packed"));
    Files.write(packed.resolve("0123-vector.packed"), new byte[7]);
    Files.write(packed.resolve("mine.txt"), new byte[7]);
    JsonNode report = json(cli.run("prune", "--json"));
    assertEquals(7, report.path("freed_bytes").asInt());
    assertEquals(1, report.path("removed").size());
    assertTrue(Files.exists(packed.resolve("mine.txt")));
  }

  @Test
  void doctor_tellsKernels_andKeepsSecrets() {
    Cli.Result result = cli.run("doctor", "--json");
    JsonNode json = json(result);
    assertEquals("scalar", json.path("kernels").path("name").asString());
    assertTrue(json.path("cpu").path("cores").asInt() > 0);
    assertEquals("(set)", json.path("environment").path("HF_TOKEN").asString());
    assertFalse(result.out().contains("hf_secret"));
    JsonNode energy = json.path("energy");
    assertTrue(energy.has("source") != energy.has("obstacle"), energy::toString);
    assertTrue(cli.run("doctor").out().contains("NEARSIDE_HOME"));
  }

  @Test
  void completion_namesEveryCommand() {
    for (String shell : List.of("bash", "zsh")) {
      String script = cli.run("completion", shell).out();
      for (String verb : List.of("pull", "list", "ls", "show", "tokenize", "doctor")) {
        assertTrue(script.contains(verb), verb);
      }
    }
    assertEquals(2, cli.run("completion", "fish").code());
  }

  @Test
  void help_explainsExitCodes() {
    for (String verb : List.of("pull", "list", "show", "rm", "cp", "prune", "tokenize", "doctor")) {
      String help = cli.run(verb, "--help").out();
      assertTrue(help.contains("Exit codes:") && help.contains("xample"), verb);
    }
  }

  private static void assertFailure(Cli.Result result) {
    assertEquals(1, result.code(), result.out() + result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(result.err().startsWith("error: "), result.err());
  }

  private static JsonNode json(Cli.Result result) {
    assertEquals(0, result.code(), result.err());
    return JsonMapper.shared().readTree(result.out());
  }
}

package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code embed} and {@code rerank} on the tiny golden encoders of the model floor. */
class EncoderCommandsTest {
  private static final Path GOLDEN = Path.of("../model/src/test/resources/golden/encoders");
  private static final String EMBEDDER = GOLDEN.resolve("bert").toString();
  private static final String RANKER = GOLDEN.resolve("xlmr-rank/xlmr-rank.gguf").toString();

  @TempDir Path folder;

  private Cli cli() {
    return new Cli(folder);
  }

  @Test
  void embed_words_areLinesOfNumbers() {
    Cli.Result result = cli().run("embed", EMBEDDER, "the cat", "a dog");
    assertEquals(0, result.code(), result.err());
    List<String> lines = result.out().lines().toList();
    assertEquals(2, lines.size());
    assertEquals(32, lines.getFirst().split(" ", -1).length);
    assertFalse(lines.get(0).equals(lines.get(1)));
  }

  @Test
  void embed_json_hasVectorsAndUsage() {
    JsonNode json =
        json(cli().runWith("the cat\na dog\n\n", "embed", EMBEDDER, "--json", "--dimensions", "8"));
    assertEquals(3, json.path("embeddings").size(), "an empty line is a text too");
    assertEquals(8, json.path("embeddings").get(0).size());
    assertEquals(8, json.path("dimensions").asInt());
    assertEquals("mean", json.path("pooling").asString());
    assertEquals(4 + 4 + 2, json.path("usage").path("prompt_tokens").asInt());
    double sum = 0;
    for (JsonNode v : json.path("embeddings").get(0)) {
      sum += v.asDouble() * v.asDouble();
    }
    assertEquals(1, sum, 1e-5);
  }

  @Test
  void embed_poolingNone_isALinePerToken() throws IOException {
    Path file = Files.writeString(folder.resolve("texts"), "the cat\n");
    String[] args = {"embed", EMBEDDER, "--file", file.toString(), "--pooling", "none"};
    assertEquals(4, cli().run(args).out().lines().count());
    String[] asJson = {"embed", EMBEDDER, "--json", "--pooling", "none", "--no-normalize", "the"};
    JsonNode json = json(cli().run(asJson));
    assertEquals(3, json.path("embeddings").get(0).size());
    assertFalse(json.path("normalized").asBoolean());
  }

  @Test
  void embed_tooLong_isAnErrorUnlessTruncated() {
    String text = "cat ".repeat(200);
    Cli.Result result = cli().run("embed", EMBEDDER, text);
    assertEquals(1, result.code());
    assertTrue(
        result.err().contains("202 tokens") && result.err().contains("at most 96"), result.err());
    assertEquals("", result.out());
    assertEquals(0, cli().run("embed", EMBEDDER, "--truncate", text).code());
  }

  @Test
  void embed_senselessLines_areUsageErrors() throws IOException {
    Path file = Files.writeString(folder.resolve("texts"), "the cat\n");
    assertEquals(2, cli().run("embed", EMBEDDER, "--pooling", "rank", "a").code());
    assertEquals(2, cli().run("embed", EMBEDDER, "--dimensions", "-1", "a").code());
    assertEquals(2, cli().run("embed", EMBEDDER, "a", "--file", file.toString()).code());
    assertEquals(2, cli().run("rerank", RANKER, "a").code(), "no query");
    assertEquals(1, cli().run("embed", EMBEDDER, "--dimensions", "99", "a").code());
    assertEquals(1, cli().run("embed", RANKER, "a").code(), "a reranker makes no vectors");
    assertEquals(1, cli().run("rerank", EMBEDDER, "--query", "a", "b").code());
  }

  @Test
  void rerank_documents_comeBestFirst() {
    JsonNode json =
        json(
            cli()
                .runWith(
                    "a dog\nthe sun\nbad day\n", "rerank", RANKER, "--query", "cat", "--json"));
    assertEquals(3, json.path("results").size());
    double before = 1;
    for (JsonNode result : json.path("results")) {
      assertTrue(result.path("relevance_score").asDouble() <= before);
      before = result.path("relevance_score").asDouble();
    }
    String best = json.path("results").get(0).path("document").asString();
    Cli.Result top =
        cli().run("rerank", RANKER, "-q", "cat", "--top", "1", "a dog", "the sun", "bad day");
    assertEquals(1, top.out().lines().count());
    assertTrue(top.out().strip().endsWith("\t" + best), top.out());
  }

  @Test
  void show_encoder_saysWhatItCanDo() {
    JsonNode json = json(cli().run("show", EMBEDDER, "--json"));
    assertEquals("[\"embedding\"]", json.path("capabilities").toString());
    assertEquals("mean", json.path("pooling").asString());
    assertFalse(json.path("base").asBoolean());
    assertTrue(cli().run("show", RANKER).out().contains("rerank"));
  }

  @Test
  void run_encoder_pointsToEmbed() {
    Cli.Result result = cli().run("run", "-m", EMBEDDER, "-p", "hello");
    assertEquals(1, result.code());
    assertTrue(result.err().contains("nearside embed"), result.err());
  }

  private static JsonNode json(Cli.Result result) {
    assertEquals(0, result.code(), result.err());
    return JsonMapper.shared().readTree(result.out());
  }
}

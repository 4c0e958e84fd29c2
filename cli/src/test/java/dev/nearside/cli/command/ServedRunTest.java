package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code run} while a server of its home runs. */
class ServedRunTest {
  private static final Path BASE = Path.of("../model/src/test/resources/golden/llama/llama.gguf");
  private static final String WORD = "data: {\"choices\":[{\"text\":\"fine\"}]}\n\n";
  private static final String END =
      "data: {\"choices\":[{\"text\":\"\",\"finish_reason\":\"stop\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  @TempDir Path folder;

  private Cli cli() {
    return new Cli(folder);
  }

  private CannedServer server(String reply) throws IOException {
    return new CannedServer(folder.resolve("nearside"), reply);
  }

  private void create(String name, String settings) throws IOException {
    Files.copy(BASE, folder.resolve("base.gguf"));
    Path file = Files.writeString(folder.resolve(name), "FROM ./base.gguf\n" + settings);
    Cli.Result made = cli().run("create", name, "-f", file.toString());
    assertEquals(0, made.code(), made.err());
  }

  @Test
  void baseModel_isContinuedToItsEnd_unlessALimitIsGiven() throws IOException {
    create("plain", "");
    try (CannedServer server = server(WORD + END + DONE)) {
      Cli.Result result = cli().run("run", "-m", "plain", "-p", "the people");
      assertEquals("fine", result.out().strip(), result.err());
      cli().run("run", "-m", "plain", "-p", "the people", "-n", "5");
      assertEquals(List.of(-1, 5), server.asked.stream().map(a -> limit(a.body())).toList());
      assertEquals("/v1/completions", server.asked.getFirst().path());
    }
  }

  private static int limit(String body) {
    JsonNode json = new JsonMapper().readTree(body);
    return json.get("max_tokens").asInt();
  }

  @Test
  void path_isLoadedHere_forTheServerTakesNone() throws IOException {
    Path file = Files.copy(BASE, folder.resolve("base.gguf"));
    try (CannedServer server = server(WORD + END + DONE)) {
      Cli.Result result = cli().run("run", "-m", file.toString(), "-n", "2", "-p", "the people");
      assertEquals(0, result.code(), result.err());
      assertTrue(server.asked.isEmpty(), () -> server.asked.toString());
    }
  }

  @Test
  void madeModelWithATemplate_onABaseModel_chats() throws IOException {
    create("chatty", "TEMPLATE \"\"\"{% for m in messages %}{{ m.content }}{% endfor %}\"\"\"\n");
    String chat = "data: {\"choices\":[{\"delta\":{\"content\":\"fine\"}}]}\n\n";
    try (CannedServer server = server(chat + END + DONE)) {
      Cli.Result result = cli().run("run", "-m", "chatty", "-p", "the people");
      assertEquals("fine", result.out().strip(), result.err());
      assertEquals("/v1/chat/completions", server.asked.getFirst().path());
    }
  }

  @Test
  void replyWithoutAnEnd_isAFailure() throws IOException {
    create("plain", "");
    try (CannedServer server = server(WORD)) {
      Cli.Result result = cli().run("run", "-m", "plain", "-p", "the people");
      assertEquals(1, result.code());
      assertTrue(result.err().contains("broke off"), result.err());
    }
    try (CannedServer server = server(WORD + DONE)) {
      assertEquals(0, cli().run("run", "-m", "plain", "-p", "the people").code());
      assertEquals(1, server.asked.size());
    }
  }
}

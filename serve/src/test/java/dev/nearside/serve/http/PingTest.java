package dev.nearside.serve.http;

import static dev.nearside.serve.ScriptedModels.end;
import static dev.nearside.serve.ScriptedModels.send;
import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.ServerUnderTest;
import dev.nearside.serve.ServerUnderTest.Answer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Streams that have nothing to say for a while. */
class PingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT =
      "{\"model\": \"fake:1b\", \"stream\": true, \"max_tokens\": 9, \"messages\": [{\"role\":"
          + " \"user\", \"content\": \"hi\"}]}";

  @TempDir Path home;

  @SuppressWarnings("NullAway.Init") // each test has its own
  private ServerUnderTest server;

  @BeforeEach
  void start() {
    restart(50);
  }

  private void restart(long millis) {
    stop();
    server =
        new ServerUnderTest(
            home,
            ServerOptions.DEFAULTS.withLimits(ServerOptions.Limits.DEFAULTS.withPing(millis)));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private void think(long before, long between) {
    server.models.script =
        (request, sink) -> {
          Thread.sleep(before);
          send(sink, new ChatEvent.Text("A"));
          Thread.sleep(between);
          send(sink, new ChatEvent.Text("B"));
          return end(FinishReason.STOP);
        };
  }

  private static List<String> blocks(Answer answer) {
    return Arrays.stream(answer.body().split("\n\n")).toList();
  }

  private static String body(String path) {
    return switch (path) {
      case "/v1/responses" -> "{\"model\": \"fake:1b\", \"stream\": true, \"input\": \"hi\"}";
      case "/v1/completions", "/completion" ->
          "{\"model\": \"fake:1b\", \"stream\": true, \"prompt\": \"hi\"}";
      default -> CHAT;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, data: [DONE]",
    "/v1/completions, data: [DONE]",
    "/v1/responses, event: response.completed",
    "/completion, \"stop\":true"
  })
  void silence_isFilledWithComments_beforeAndBetweenTheWords(String path, String last)
      throws Exception {
    think(400, 400);
    Answer answer = server.post(path, body(path));
    assertEquals(200, answer.status());
    List<String> blocks = blocks(answer);
    List<Integer> pings = positions(blocks, ": ping");
    assertTrue(pings.size() >= 4 && pings.size() <= 20, answer.body());
    int word = positions(blocks, "\"A\"").getFirst();
    assertTrue(pings.getFirst() < word, "one came before the first word");
    assertTrue(pings.getLast() > word, "and one after it");
    assertTrue(blocks.getLast().contains(last), "none after the end: " + answer.body());
    if (path.equals("/v1/responses")) {
      assertTrue(blocks.getFirst().startsWith("event: response.created"), answer.body());
      assertTrue(pings.getFirst() > 1, "the stream begins as streams of this kind do");
    }
  }

  private static List<Integer> positions(List<String> blocks, String part) {
    return IntStream.range(0, blocks.size())
        .filter(i -> blocks.get(i).contains(part))
        .boxed()
        .toList();
  }

  @Test
  void silence_ofAnthropicsStream_isFilledWithItsPings() throws Exception {
    think(400, 400);
    List<String> events =
        blocks(server.post("/v1/messages", CHAT)).stream()
            .map(block -> block.lines().findFirst().orElse(""))
            .toList();
    assertEquals("event: message_start", events.getFirst());
    assertEquals("event: ping", events.get(1));
    assertEquals("event: ping", events.get(2), "the prompt takes its time");
    assertEquals("event: message_stop", events.getLast());
    assertEquals(1, positions(events, "message_start").size());
    assertTrue(
        positions(events, "ping").getLast() > positions(events, "content_block_delta").getFirst());
  }

  @Test
  void linesOfOllama_haveNoPings() throws Exception {
    think(300, 300);
    List<JsonNode> lines = server.post("/api/chat", CHAT).lines();
    assertEquals(3, lines.size());
    assertTrue(lines.getLast().path("done").asBoolean());
  }

  @Test
  void errorBeforeAPing_isAStatus_andAfterOneTheLastEvent() throws Exception {
    for (long silence : new long[] {0, 400}) {
      server.models.script =
          (request, sink) -> {
            Thread.sleep(silence);
            throw new BusyException(Fault.of("the queue is full"), 7);
          };
      restartKeepingScript(silence == 0 ? 5_000 : 50);
      for (String path : List.of("/v1/chat/completions", "/v1/messages", "/v1/responses")) {
        Answer answer = server.post(path, body(path));
        if (silence == 0) {
          assertEquals(503, answer.status(), path);
          assertEquals("7", answer.header("Retry-After"), path);
        } else {
          assertEquals(200, answer.status(), path);
          String last = blocks(answer).getLast();
          assertTrue(last.contains("the queue is full"), answer.body());
        }
      }
    }
  }

  private void restartKeepingScript(long millis) {
    var script = server.models.script;
    restart(millis);
    server.models.script = script;
  }

  @Test
  void pingsAtEveryMoment_neverMixWithEvents_norOutliveTheirStream() throws Exception {
    restart(1);
    server.models.script =
        (request, sink) -> {
          for (int i = 0; i < 40; i++) {
            send(sink, new ChatEvent.Text("word "));
            Thread.sleep(i % 4);
          }
          return end(FinishReason.STOP);
        };
    for (int i = 0; i < 20; i++) { // over one connection
      List<String> blocks = blocks(server.post("/v1/chat/completions", CHAT));
      StringBuilder text = new StringBuilder();
      for (String block : blocks.subList(0, blocks.size() - 1)) {
        if (!block.equals(": ping")) {
          assertTrue(block.startsWith("data: {"), block);
          JsonNode chunk = JSON.readTree(block.substring(6));
          text.append(chunk.at("/choices/0/delta/content").asString(""));
        }
      }
      assertEquals("word ".repeat(40), text.toString());
      assertEquals("data: [DONE]", blocks.getLast());
    }
    assertTrue(eventually(() -> server.server.active() == 0));
  }

  @Test
  void zero_isNeverAPing() throws Exception {
    restart(0);
    think(200, 0);
    assertFalse(server.post("/v1/chat/completions", CHAT).body().contains("ping"));
  }
}

package dev.nearside.serve.ollama;

import static dev.nearside.serve.ScriptedModels.end;
import static dev.nearside.serve.ScriptedModels.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.ModelFacts.Ability;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Role;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.ServerUnderTest;
import dev.nearside.serve.ServerUnderTest.Answer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ChatTest {
  private ServerUnderTest server;

  @BeforeEach
  void start(@TempDir Path home) {
    server = new ServerUnderTest(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer chat(String rest) throws Exception {
    return server.post("/api/chat", "{\"model\": \"fake:1b\", " + rest + "}");
  }

  private static String hi(String rest) {
    return "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]" + rest;
  }

  @Test
  void chat_withoutStreamField_streamsLinesAndEndsWithCounts() throws Exception {
    Answer answer = chat(hi(""));
    assertEquals(200, answer.status());
    assertEquals("application/x-ndjson", answer.header("content-type"));
    List<JsonNode> lines = answer.lines();
    assertEquals(3, lines.size());
    assertEquals("Hello", lines.get(0).at("/message/content").asString());
    assertEquals("assistant", lines.get(0).at("/message/role").asString());
    assertFalse(lines.get(0).get("done").booleanValue());
    JsonNode last = lines.getLast();
    assertTrue(last.get("done").booleanValue());
    assertEquals("stop", last.get("done_reason").asString());
    assertEquals("", last.at("/message/content").asString());
    assertEquals(7, last.get("prompt_eval_count").intValue());
    assertEquals(5, last.get("eval_count").intValue());
    assertEquals(2_000_000, last.get("prompt_eval_duration").longValue());
    assertEquals(8_000_000, last.get("eval_duration").longValue());
    assertTrue(last.get("total_duration").longValue() > 0);
    assertEquals("fake:1b", last.get("model").asString());
    server.assertNoLease();
  }

  @Test
  void chat_withStreamFalse_isOneObject() throws Exception {
    Answer answer = chat(hi(", \"stream\": false"));
    assertEquals("application/json; charset=utf-8", answer.header("content-type"));
    assertEquals("Hello there", answer.json().at("/message/content").asString());
    assertTrue(answer.json().get("done").booleanValue());
  }

  @Test
  void options_byOllamasNames_reachTheBackend() throws Exception {
    chat(
        hi(
            ", \"stream\": false, \"options\": {\"temperature\": 0, \"top_k\": 3, \"num_predict\":"
                + " 9, \"seed\": 42, \"stop\": [\"x\"], \"num_ctx\": 1024, \"nonsense\": 1}"));
    ChatRequest asked = server.models.chats.getFirst();
    assertEquals(0f, asked.generation().sampling().temperature());
    assertEquals(3, asked.generation().sampling().topK());
    assertEquals(42L, asked.generation().sampling().seed());
    assertEquals(9, asked.generation().limits().maxTokens());
    assertEquals(List.of("x"), asked.generation().limits().stop());
  }

  @Test
  void options_ofTheWrongKind_areRefusedByName() throws Exception {
    Answer answer = chat(hi(", \"options\": {\"temperature\": \"hot\"}"));
    assertEquals(400, answer.status());
    assertTrue(answer.json().get("error").asString().contains("temperature"), answer.body());
  }

  @Test
  void format_jsonOrSchema_reachesTheBackend() throws Exception {
    chat(hi(", \"format\": \"json\""));
    chat(hi(", \"format\": {\"type\": \"object\"}"));
    assertEquals(new OutputFormat.JsonObject(), server.models.chats.get(0).generation().format());
    assertEquals(
        new OutputFormat.JsonSchema(Map.of("type", "object")),
        server.models.chats.get(1).generation().format());
    assertEquals(400, chat(hi(", \"format\": \"xml\"")).status());
  }

  @Test
  void toolCalls_leaveWhole_withArgumentsAsAnObject() throws Exception {
    server.models.script =
        (request, sink) -> {
          send(sink, new ChatEvent.ToolCallStart(0, "call_1", "get_weather"));
          send(sink, new ChatEvent.ToolCallArguments(0, "{\"city\":"));
          send(sink, new ChatEvent.ToolCallArguments(0, " \"Tokyo\"}"));
          return end(FinishReason.TOOL_CALLS);
        };
    String tools =
        ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"get_weather\","
            + " \"parameters\": {\"type\": \"object\"}}}]";
    List<JsonNode> lines = chat(hi(tools)).lines();
    assertEquals(2, lines.size());
    assertEquals(
        "Tokyo", lines.get(0).at("/message/tool_calls/0/function/arguments/city").asString());
    assertEquals("stop", lines.get(1).get("done_reason").asString());
    JsonNode whole = chat(hi(tools + ", \"stream\": false")).json();
    assertEquals("get_weather", whole.at("/message/tool_calls/0/function/name").asString());
    assertEquals("get_weather", server.models.chats.getFirst().tools().specs().getFirst().name());
  }

  @Test
  void toolCall_cutByTheTokenLimit_isLeftOut() throws Exception {
    server.models.script =
        (request, sink) -> {
          send(sink, new ChatEvent.ToolCallStart(0, "call_1", "get_weather"));
          send(sink, new ChatEvent.ToolCallArguments(0, "{\"city\":"));
          return end(FinishReason.LENGTH);
        };
    JsonNode whole = chat(hi(", \"stream\": false")).json();
    assertTrue(whole.at("/message/tool_calls").isMissingNode());
    assertEquals("length", whole.get("done_reason").asString());
  }

  @Test
  void think_isSeparate_andRefusedOfModelsThatCannot() throws Exception {
    server.models.script =
        (request, sink) -> {
          send(sink, new ChatEvent.Reasoning("hmm"));
          send(sink, new ChatEvent.Text("4"));
          return end(FinishReason.STOP);
        };
    JsonNode whole = chat(hi(", \"think\": true, \"stream\": false")).json();
    assertEquals("hmm", whole.at("/message/thinking").asString());
    assertEquals("4", whole.at("/message/content").asString());
    assertEquals(true, server.models.chats.getFirst().templateArgs().get("enable_thinking"));
    chat(hi(", \"think\": \"high\""));
    assertEquals("high", server.models.chats.get(1).templateArgs().get("reasoning_effort"));
    server.models.abilities = EnumSet.of(Ability.CHAT);
    Answer refused = chat(hi(", \"think\": true"));
    assertEquals(400, refused.status());
    assertEquals("\"fake:1b\" does not support thinking", refused.json().get("error").asString());
    assertEquals(200, chat(hi(", \"think\": false")).status());
    server.assertNoLease();
  }

  @Test
  void history_withToolTurns_isRead() throws Exception {
    chat(
        "\"messages\": [{\"role\": \"user\", \"content\": \"weather?\"}, {\"role\": \"assistant\","
            + " \"content\": \"\", \"tool_calls\": [{\"function\": {\"name\": \"w\", \"arguments\":"
            + " {\"city\": \"Oslo\"}}}]}, {\"role\": \"tool\", \"tool_name\": \"w\", \"content\":"
            + " \"11\"}]");
    ChatRequest asked = server.models.chats.getFirst();
    assertEquals("{\"city\":\"Oslo\"}", asked.messages().get(1).toolCalls().getFirst().arguments());
    assertEquals(Role.TOOL, asked.messages().get(2).role());
    assertEquals("w", asked.messages().get(2).name());
  }

  @Test
  void images_areRefusedByName() throws Exception {
    Answer answer =
        chat("\"messages\": [{\"role\": \"user\", \"content\": \"x\", \"images\": [\"aGk=\"]}]");
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("'messages[0].images[0]' is an image"), answer.body());
    assertTrue(server.models.chats.isEmpty());
  }

  @Test
  void failureAfterTheFirstWord_isTheLastLine_andIsLogged() throws Exception {
    server.models.script =
        (request, sink) -> {
          send(sink, new ChatEvent.Text("Hel"));
          throw new BackendException(Fault.of("it broke"), null);
        };
    List<String> logged = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("dev.nearside.serve.http.Exchange");
    Handler handler =
        new StreamHandler() {
          @Override
          public void publish(LogRecord record) {
            logged.add(record.getMessage());
          }
        };
    logger.addHandler(handler);
    try {
      String body = chat("\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]").body();
      assertTrue(body.contains("{\"error\":\"it broke\"}"), body);
      assertEquals(List.of("a stream of /api/chat failed: it broke"), logged);
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void logprobs_comeWithTheirPieces() throws Exception {
    server.models.script =
        (request, sink) -> {
          TokenLogprob top = new TokenLogprob(2, "B", new byte[] {66}, -2, List.of());
          TokenLogprob token = new TokenLogprob(1, "A", new byte[] {65}, -0.5, List.of(top));
          send(sink, new ChatEvent.Logprobs(List.of(token)));
          send(sink, new ChatEvent.Text("A"));
          return end(FinishReason.STOP);
        };
    List<JsonNode> lines = chat(hi(", \"logprobs\": true, \"top_logprobs\": 1")).lines();
    assertEquals(-0.5, lines.getFirst().at("/logprobs/0/logprob").doubleValue());
    assertEquals("B", lines.getFirst().at("/logprobs/0/top_logprobs/0/token").asString());
    assertEquals(65, lines.getFirst().at("/logprobs/0/bytes/0").intValue());
    assertEquals(1, server.models.chats.getFirst().generation().logprobs());
  }

  @Test
  void emptyMessages_loadAndUnload() throws Exception {
    JsonNode loaded = chat("\"messages\": [], \"keep_alive\": \"1h30m\"").json();
    assertEquals("load", loaded.get("done_reason").asString());
    assertEquals("fake:1b PT1H30M", server.models.loads.getFirst());
    JsonNode unloaded = chat("\"messages\": [], \"keep_alive\": 0").json();
    assertEquals("unload", unloaded.get("done_reason").asString());
    assertEquals("unload fake:1b", server.models.loads.getLast());
    assertEquals(400, chat("\"messages\": [], \"keep_alive\": \"soon\"").status());
  }

  @Test
  void unknownModel_is404_beforeAnyLine() throws Exception {
    Answer answer =
        server.post(
            "/api/chat",
            "{\"model\": \"nope\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}");
    assertEquals(404, answer.status());
    assertTrue(answer.json().get("error").asString().contains("nope"));
  }

  @Test
  void failure_beforeTheFirstPiece_isAStatus_andLaterTheLastLine() throws Exception {
    server.models.script =
        (request, sink) -> {
          throw new BackendException(Fault.of("broken"), null);
        };
    assertEquals(500, chat(hi("")).status());
    server.models.script =
        (request, sink) -> {
          send(sink, new ChatEvent.Text("A"));
          throw new BackendException(Fault.of("broken"), null);
        };
    Answer late = chat(hi(""));
    assertEquals(200, late.status());
    assertEquals("broken", late.lines().getLast().get("error").asString());
    server.assertNoLease();
  }
}

package dev.nearside.serve.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Message;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolChoice;
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Anthropic's Messages. */
class MessagesTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  private FakeServer.Answer ask(String fields) throws Exception {
    return server.post("/v1/messages", "{\"model\":\"fake:1b\",\"max_tokens\":50," + fields + "}");
  }

  private ChatRequest seen() {
    return server.backend.chats.getLast();
  }

  @Test
  void text_isAnswered() throws Exception {
    FakeServer.Answer answer =
        ask(
            HI
                + ",\"system\":[{\"type\":\"text\",\"text\":\"S\",\"cache_control\":{}}],\"top_k\":4");
    JsonNode body = answer.json();
    assertEquals("message", body.get("type").stringValue());
    assertEquals("Hello there", body.at("/content/0/text").stringValue());
    assertEquals("end_turn", body.get("stop_reason").stringValue());
    assertTrue(body.get("stop_sequence").isNull());
    assertEquals(7, body.at("/usage/input_tokens").intValue(), "without the cached ones");
    assertEquals(5, body.at("/usage/cache_read_input_tokens").intValue());
    assertTrue(answer.header("request-id").startsWith("req_"));
    assertEquals(List.of(Message.system("S"), Message.user("Hi")), seen().messages());
    assertEquals(4, seen().generation().sampling().topK());
    assertEquals(50, seen().generation().limits().maxTokens());
    assertEquals(false, seen().templateArgs().get("enable_thinking"));
  }

  @Test
  void stopSequence_isTold() throws Exception {
    server.backend.script = sink -> FakeBackend.end(FinishReason.STOP, "END");
    JsonNode body = ask(HI + ",\"stop_sequences\":[\"END\"]").json();
    assertEquals("stop_sequence", body.get("stop_reason").stringValue());
    assertEquals("END", body.get("stop_sequence").stringValue());
    assertEquals(0, body.get("content").size());
  }

  @Test
  void thinkingTextAndCall_areBlocks() throws Exception {
    server.backend.script =
        FakeBackend.plays(
            FinishReason.TOOL_CALLS,
            new ChatEvent.Reasoning("hm"),
            new ChatEvent.Text("Well"),
            new ChatEvent.ToolCallStart(0, "c1", "f"),
            new ChatEvent.ToolCallArguments(0, "{\"x\":"),
            new ChatEvent.ToolCallArguments(0, "1}"));
    String tools =
        ",\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],"
            + "\"tool_choice\":{\"type\":\"any\",\"disable_parallel_tool_use\":true},"
            + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}";
    JsonNode body = ask(HI + tools).json();
    assertEquals("hm", body.at("/content/0/thinking").stringValue());
    assertFalse(body.at("/content/0/signature").stringValue().isEmpty());
    assertEquals("Well", body.at("/content/1/text").stringValue());
    assertEquals(1, body.at("/content/2/input/x").intValue());
    assertEquals("tool_use", body.get("stop_reason").stringValue());
    assertEquals(new ToolChoice.Required(), seen().tools().choice());
    assertFalse(seen().tools().isParallel());
    assertEquals(true, seen().templateArgs().get("enable_thinking"));

    List<FakeServer.Event> events = ask(HI + tools + ",\"stream\":true").events();
    List<String> seen = new ArrayList<>();
    for (FakeServer.Event e : events) {
      JsonNode delta = e.json().path("delta").path("type");
      seen.add(e.name() + (delta.isString() ? " " + delta.stringValue() : ""));
      assertEquals(e.name(), e.json().get("type").stringValue());
    }
    assertEquals(
        List.of(
            "message_start",
            "ping",
            "content_block_start",
            "content_block_delta thinking_delta",
            "content_block_delta signature_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta text_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta input_json_delta",
            "content_block_delta input_json_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"),
        seen);
    JsonNode start = events.getFirst().json();
    assertEquals(
        "<user>Hi<assistant>".length(), start.at("/message/usage/input_tokens").intValue());
    assertTrue(start.at("/message/stop_reason").isNull());
    assertEquals(2, events.get(9).json().get("index").intValue());
    assertEquals("{}", events.get(9).json().at("/content_block/input").toString());
    JsonNode delta = events.get(13).json();
    assertEquals("tool_use", delta.at("/delta/stop_reason").stringValue());
    assertEquals(3, delta.at("/usage/output_tokens").intValue());
    assertEquals(5, delta.at("/usage/cache_read_input_tokens").intValue());
  }

  @Test
  void conversation_becomesMessages() throws Exception {
    ask(
        """
        "messages":[{"role":"user","content":"a"},
          {"role":"user","content":[{"type":"text","text":"b"},
            {"type":"document","title":"T","source":{"type":"text","media_type":"text/plain","data":"D"}}]},
          {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},
            {"type":"text","text":"c"},{"type":"tool_use","id":"t1","name":"f","input":{"x":1}}]},
          {"role":"user","content":[{"type":"text","text":"d"},
            {"type":"tool_result","tool_use_id":"t1","is_error":true,
             "content":[{"type":"text","text":"bad"}]}]}]
        """);
    List<Message> messages = seen().messages();
    assertEquals(
        List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER),
        messages.stream().map(Message::role).toList());
    assertEquals("abT\n\nD", messages.get(0).content(), "turns in a row are one");
    assertEquals("hm", messages.get(1).reasoning());
    assertEquals("{\"x\":1}", messages.get(1).toolCalls().getFirst().arguments());
    assertEquals("Error: bad", messages.get(2).content());
    assertEquals("f", messages.get(2).name());
    assertEquals("d", messages.get(3).content());
  }

  @Test
  void outputFormat_isASchema() throws Exception {
    ask(HI + ",\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}");
    assertTrue(seen().generation().format() instanceof OutputFormat.JsonSchema);
  }

  @Test
  void tokens_areCounted() throws Exception {
    JsonNode body =
        server.post("/v1/messages/count_tokens", "{\"model\":\"fake:1b\"," + HI + "}").json();
    assertEquals(1, body.size());
    assertEquals("<user>Hi<assistant>".length(), body.get("input_tokens").intValue());
  }

  @Test
  void media_isNamed() throws Exception {
    FakeServer.Answer answer =
        ask(
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"?"},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}}]}]
            """);
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("messages[0].content[1]"), answer.body());
    FakeServer.Answer pdf =
        ask(
            """
            "messages":[{"role":"user","content":[
              {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA"}}]}]
            """);
    assertEquals(400, pdf.status());
    assertTrue(pdf.body().contains("a file"), pdf.body());
  }

  @Test
  void errors_haveAnthropicsShape() throws Exception {
    FakeServer.Answer unknown =
        server.post("/v1/messages", "{\"model\":\"no\",\"max_tokens\":5," + HI + "}");
    assertEquals(404, unknown.status());
    assertEquals("error", unknown.json().get("type").stringValue());
    assertEquals("not_found_error", unknown.json().at("/error/type").stringValue());
    assertEquals(unknown.header("request-id"), unknown.json().get("request_id").stringValue());
    server.backend.script =
        sink -> {
          throw new BusyException(Fault.of("full"), 3);
        };
    FakeServer.Answer busy = ask(HI + ",\"stream\":true");
    assertEquals(503, busy.status());
    assertEquals("overloaded_error", busy.json().at("/error/type").stringValue());
    server.backend.script =
        sink -> {
          sink.accept(new ChatEvent.Text("Hel"));
          throw new BackendException(Fault.of("it broke"), null);
        };
    FakeServer.Event last = ask(HI + ",\"stream\":true").events().getLast();
    assertEquals("error", last.name());
    assertEquals("api_error", last.json().at("/error/type").stringValue());
    assertEquals(404, server.post("/v1/messages/nothing", "{}").status());
    assertEquals(
        "error", server.post("/v1/messages/nothing", "{}").json().get("type").stringValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'messages':[] | messages",
        "'system':'x' | messages",
        "HI,'foo':1 | foo",
        "'messages':[{'role':'user','content':[{'type':'document','citations':{'enabled':true},"
            + "'source':{'type':'text','data':'D'}}]}] | messages[0].content[0].citations",
        "'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','content':"
            + "[{'type':'search_result'}]}]}] | messages[0].content[0].content[0].type",
        "HI,'mcp_servers':[{}] | mcp_servers",
        "'messages':[{'role':'system','content':'x'}] | messages[0].role",
        "'messages':[{'role':'user','content':[{'type':'x'}]}] | messages[0].content[0].type",
        "HI,'tools':[{'type':'bash_20250124','name':'bash'}] | tools[0].type",
        "HI,'tools':[{'name':'f'}] | tools[0].input_schema",
        "HI,'tool_choice':{'type':'any'} | tool_choice.type",
        "HI,'tool_choice':{'type':'tool','name':'x'} | tool_choice.name",
        "HI,'thinking':{'type':'x'} | thinking",
        "HI,'stop_sequences':5 | stop_sequences",
      })
  void wrongField_isNamed(String fields, String param) throws Exception {
    FakeServer.Answer answer = ask(fields.replace("HI", HI).replace('\'', '"'));
    assertEquals(400, answer.status(), answer.body());
    assertEquals("invalid_request_error", answer.json().at("/error/type").stringValue());
    assertTrue(answer.body().contains("'" + param + "'"), answer.body());
    assertTrue(server.backend.chats.isEmpty());
  }

  @Test
  void maxTokens_mustBeThere() throws Exception {
    FakeServer.Answer answer = server.post("/v1/messages", "{\"model\":\"fake:1b\"," + HI + "}");
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("max_tokens"), answer.body());
  }
}

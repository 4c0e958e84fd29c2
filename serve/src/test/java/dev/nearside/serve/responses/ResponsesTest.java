package dev.nearside.serve.responses;

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
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Responses. */
class ResponsesTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  private FakeServer.Answer ask(String fields) throws Exception {
    return server.post("/v1/responses", "{\"model\":\"fake:1b\"," + fields + "}");
  }

  private ChatRequest seen() {
    return server.backend.chats.getLast();
  }

  private static FakeBackend.Script thinksAndCalls() {
    return FakeBackend.plays(
        FinishReason.TOOL_CALLS,
        new ChatEvent.Reasoning("let "),
        new ChatEvent.Reasoning("me"),
        new ChatEvent.Text("Well"),
        new ChatEvent.ToolCallStart(0, "call_1", "f"),
        new ChatEvent.ToolCallArguments(0, "{\"x\":"),
        new ChatEvent.ToolCallArguments(0, "1}"));
  }

  @Test
  void text_isAnswered() throws Exception {
    JsonNode body = ask("\"input\":\"Hi\",\"instructions\":\"Be brief\"").json();
    assertTrue(body.get("id").stringValue().startsWith("resp_"));
    assertEquals("completed", body.get("status").stringValue());
    assertEquals("message", body.at("/output/0/type").stringValue());
    assertTrue(body.at("/output/0/id").stringValue().startsWith("msg_"));
    assertEquals("Hello there", body.at("/output/0/content/0/text").stringValue());
    assertEquals(5, body.at("/usage/input_tokens_details/cached_tokens").intValue());
    assertEquals("Be brief", body.get("instructions").stringValue());
    assertEquals(List.of(Message.system("Be brief"), Message.user("Hi")), seen().messages());
  }

  @Test
  void reasoningTextAndCall_areItems() throws Exception {
    server.backend.script = thinksAndCalls();
    JsonNode output = ask("\"input\":\"Hi\"").json();
    assertEquals("let me", output.at("/output/0/content/0/text").stringValue());
    assertEquals("Well", output.at("/output/1/content/0/text").stringValue());
    assertEquals("{\"x\":1}", output.at("/output/2/arguments").stringValue());
    assertEquals("call_1", output.at("/output/2/call_id").stringValue());
    assertEquals(
        6, output.at("/usage/output_tokens_details/reasoning_tokens").intValue(), "a token a char");
  }

  @Test
  void stream_hasTheWholeSequence() throws Exception {
    server.backend.script = thinksAndCalls();
    List<FakeServer.Event> events = ask("\"input\":\"Hi\",\"stream\":true").events();
    assertEquals(
        List.of(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.reasoning_text.delta",
            "response.reasoning_text.delta",
            "response.reasoning_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed"),
        events.stream().map(FakeServer.Event::name).toList());
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i).json();
      assertEquals(i, event.get("sequence_number").intValue());
      assertEquals(events.get(i).name(), event.get("type").stringValue());
    }
    JsonNode last = events.getLast().json();
    assertEquals(3, last.at("/response/output").size());
    assertEquals(
        events.get(9).json().at("/item/id"),
        last.at("/response/output/1/id"),
        "one id for an item");
    assertEquals(1, events.get(11).json().get("output_index").intValue());
    assertEquals(events.get(0).json().at("/response/id"), last.at("/response/id"));
  }

  @Test
  void tokenLimit_isIncomplete() throws Exception {
    server.backend.script = FakeBackend.plays(FinishReason.LENGTH, new ChatEvent.Text("Hel"));
    JsonNode body = ask("\"input\":\"Hi\",\"max_output_tokens\":16").json();
    assertEquals("incomplete", body.get("status").stringValue());
    assertEquals("max_output_tokens", body.at("/incomplete_details/reason").stringValue());
    assertEquals("incomplete", body.at("/output/0/status").stringValue());
    List<FakeServer.Event> events = ask("\"input\":\"Hi\",\"stream\":true").events();
    assertEquals("response.incomplete", events.getLast().name());
  }

  @Test
  void previousResponse_isGoneOnFrom() throws Exception {
    String first = ask("\"input\":\"Hi\",\"instructions\":\"S\"").json().get("id").stringValue();
    JsonNode second = ask("\"input\":\"And?\",\"previous_response_id\":\"" + first + "\"").json();
    assertEquals(
        List.of(Message.user("Hi"), Message.assistant("Hello there"), Message.user("And?")),
        seen().messages(),
        "instructions are not carried over");
    String id = second.get("id").stringValue();
    JsonNode items = server.get("/v1/responses/" + id + "/input_items?order=asc").json();
    assertEquals(3, items.get("data").size());
    assertEquals("Hi", items.at("/data/0/content/0/text").stringValue());
    assertFalse(items.get("has_more").booleanValue());
    JsonNode page = server.get("/v1/responses/" + id + "/input_items?limit=1").json();
    assertEquals("And?", page.at("/data/0/content/0/text").stringValue());
    assertTrue(page.get("has_more").booleanValue());
    String after = page.get("last_id").stringValue();
    JsonNode rest = server.get("/v1/responses/" + id + "/input_items?after=" + after).json();
    assertEquals(2, rest.get("data").size());
  }

  @Test
  void kept_canBeReadAndDeleted() throws Exception {
    JsonNode body = ask("\"input\":\"Hi\"").json();
    String path = "/v1/responses/" + body.get("id").stringValue();
    assertEquals(body, server.get(path).json());
    assertTrue(server.delete(path).json().get("deleted").booleanValue());
    assertEquals(404, server.get(path).status());
    assertEquals(404, server.delete(path).status());
    FakeServer.Answer next =
        ask("\"input\":\"x\",\"previous_response_id\":" + body.get("id").toString());
    assertEquals(400, next.status());
    assertEquals("previous_response_id", next.json().at("/error/param").stringValue());
  }

  @Test
  void storeFalse_isNotKept() throws Exception {
    JsonNode body = ask("\"input\":\"Hi\",\"store\":false").json();
    assertEquals(404, server.get("/v1/responses/" + body.get("id").stringValue()).status());
  }

  @Test
  void toolTurn_isOneMessageOfTheAssistant() throws Exception {
    ask(
        """
        "input":[{"role":"user","content":"Hi"},
          {"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},
          {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Wait"}]},
          {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
          {"type":"function_call","call_id":"c2","name":"g","arguments":"{}"},
          {"type":"function_call_output","call_id":"c1","output":"1"},
          {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"2"}]}],
        "tools":[{"type":"function","name":"f","parameters":null,"strict":true},
          {"type":"function","name":"g"}],
        "tool_choice":{"type":"function","name":"g"},"parallel_tool_calls":false
        """);
    List<Message> messages = seen().messages();
    assertEquals(
        List.of(Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL),
        messages.stream().map(Message::role).toList());
    assertEquals("hm", messages.get(1).reasoning());
    assertEquals("Wait", messages.get(1).content());
    assertEquals(2, messages.get(1).toolCalls().size());
    assertEquals("g", messages.get(3).name());
    assertEquals("2", messages.get(3).content());
    assertFalse(seen().tools().isParallel());
  }

  @Test
  void itemReference_isLookedUp() throws Exception {
    String id = ask("\"input\":\"Hi\"").json().at("/output/0/id").stringValue();
    ask(
        "\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"type\":\"item_reference\",\"id\":\""
            + id
            + "\"},{\"role\":\"user\",\"content\":\"And?\"}]");
    assertEquals(Message.assistant("Hello there"), seen().messages().get(1));
  }

  @Test
  void textFormat_isASchema() throws Exception {
    ask(
        """
        "input":"Hi","text":{"format":{"type":"json_schema","name":"n","strict":true,
          "schema":{"type":"object"}}},"reasoning":{"effort":"none"}
        """);
    assertTrue(seen().generation().format() instanceof OutputFormat.JsonSchema);
    assertEquals(false, seen().templateArgs().get("enable_thinking"));
  }

  @Test
  void tokens_areCounted() throws Exception {
    JsonNode body =
        server
            .post("/v1/responses/input_tokens", "{\"model\":\"fake:1b\",\"input\":\"Hi\"}")
            .json();
    assertEquals("response.input_tokens", body.get("object").stringValue());
    assertEquals("<user>Hi<assistant>".length(), body.get("input_tokens").intValue());
  }

  @Test
  void errors_areStatusesBeforeTheFirstWordAndEventsAfterIt() throws Exception {
    server.backend.script =
        sink -> {
          throw new BusyException(Fault.of("full"), 3);
        };
    assertEquals(503, ask("\"input\":\"Hi\",\"stream\":true").status());
    server.backend.script =
        sink -> {
          sink.accept(new ChatEvent.Text("Hel"));
          throw new BackendException(Fault.of("it broke"), null);
        };
    FakeServer.Event last = ask("\"input\":\"Hi\",\"stream\":true").events().getLast();
    assertEquals("response.failed", last.name());
    assertEquals("server_error", last.json().at("/response/error/code").stringValue());
    assertEquals("it broke", last.json().at("/response/error/message").stringValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'foo':1,'input':'a' | foo",
        "'instructions':'x' | input",
        "'input':[] | input",
        "'input':5 | input",
        "'input':[{'type':'web_search_call'}] | input[0].type",
        "'input':[{'role':'user','content':[{'type':'input_image','image_url':'u'}]}] |"
            + " input[0].content[0]",
        "'input':[{'role':'boss','content':'x'}] | input[0].role",
        "'input':[{'type':'item_reference','id':'x'}] | input[0].id",
        "'input':'a','tools':[{'type':'web_search'}] | tools[0].type",
        "'input':'a','background':true | background",
        "'input':'a','truncation':'auto' | truncation",
        "'input':'a','conversation':'c' | conversation",
        "'input':'a','text':{'format':{'type':'json_schema','schema':{}}} | text.format.name",
        "'input':'a','previous_response_id':'x' | previous_response_id",
      })
  void wrongField_isNamed(String fields, String param) throws Exception {
    FakeServer.Answer answer = ask(fields.replace('\'', '"'));
    assertEquals(400, answer.status(), answer.body());
    assertEquals(param, answer.json().at("/error/param").stringValue());
    assertTrue(server.backend.chats.isEmpty());
  }
}

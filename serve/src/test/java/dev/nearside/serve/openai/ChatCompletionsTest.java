package dev.nearside.serve.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ContextOverflowException;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolChoice;
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Chat Completions. */
class ChatCompletionsTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"b\",\"parameters\":{\"type\":\"object\"}}}]";

  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  private FakeServer.Answer ask(String fields) throws Exception {
    return server.post("/v1/chat/completions", "{\"model\":\"fake:1b\"," + fields + "}");
  }

  private ChatRequest seen() {
    return server.backend.chats.getLast();
  }

  @Test
  void reply_hasTextReasoningAndCalls() throws Exception {
    server.backend.script =
        FakeBackend.plays(
            FinishReason.TOOL_CALLS,
            new ChatEvent.Reasoning("hm"),
            new ChatEvent.ToolCallStart(0, "call_1", "a"),
            new ChatEvent.ToolCallArguments(0, "{\"x\":"),
            new ChatEvent.ToolCallArguments(0, "1}"));
    JsonNode choice = ask(HI + "," + TOOLS).json().at("/choices/0");
    assertEquals("tool_calls", choice.get("finish_reason").stringValue());
    assertTrue(choice.at("/message/content").isNull());
    assertEquals("hm", choice.at("/message/reasoning_content").stringValue());
    assertEquals("call_1", choice.at("/message/tool_calls/0/id").stringValue());
    assertEquals("{\"x\":1}", choice.at("/message/tool_calls/0/function/arguments").stringValue());
    assertEquals(2, seen().tools().specs().size());
  }

  @Test
  void stream_toolCall_comesInPieces() throws Exception {
    server.backend.script =
        FakeBackend.plays(
            FinishReason.TOOL_CALLS,
            new ChatEvent.ToolCallStart(0, "call_1", "a"),
            new ChatEvent.ToolCallArguments(0, "{}"));
    List<FakeServer.Event> events = ask(HI + "," + TOOLS + ",\"stream\":true").events();
    assertEquals("assistant", events.get(0).json().at("/choices/0/delta/role").stringValue());
    JsonNode start = events.get(1).json().at("/choices/0/delta/tool_calls/0");
    assertEquals("a", start.at("/function/name").stringValue());
    assertEquals(0, start.get("index").intValue());
    assertEquals(
        "{}",
        events.get(2).json().at("/choices/0/delta/tool_calls/0/function/arguments").stringValue());
    assertEquals("tool_calls", events.get(3).json().at("/choices/0/finish_reason").stringValue());
    assertEquals("[DONE]", events.get(4).data());
  }

  @Test
  void allowedTools_leaveTheOthersOut() throws Exception {
    ask(
        HI
            + ","
            + TOOLS
            + ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\","
            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"b\"}}]}}");
    assertEquals(List.of("b"), seen().tools().specs().stream().map(s -> s.name()).toList());
    assertEquals(new ToolChoice.Required(), seen().tools().choice());
  }

  @Test
  void conversation_becomesMessages() throws Exception {
    ask(
        """
        "messages":[{"role":"developer","content":"S"},
          {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
          {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[
            {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"c1","content":"42"}]
        """);
    assertEquals(
        List.of(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL),
        seen().messages().stream().map(m -> m.role()).toList());
    assertEquals("ab", seen().messages().get(1).content());
    assertEquals("hm", seen().messages().get(2).reasoning());
    assertEquals("c1", seen().messages().get(3).toolCallId());
  }

  @Test
  void media_aModelOfText_isNamed() throws Exception {
    FakeServer.Answer answer =
        ask(
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"what?"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]
            """);
    assertEquals(400, answer.status());
    assertEquals("messages[0].content[1]", answer.json().at("/error/param").stringValue());
    assertTrue(answer.body().contains("an image"), answer.body());
    assertTrue(answer.body().contains("fake:1b"), answer.body());
  }

  @Test
  void modelWithoutTemplate_pointsToCompletions() throws Exception {
    FakeServer.Answer answer =
        server.post("/v1/chat/completions", "{\"model\":\"base:1b\"," + HI + "}");
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("/v1/completions"), answer.body());
  }

  @Test
  void unknownModel_is404() throws Exception {
    FakeServer.Answer answer = server.post("/v1/chat/completions", "{\"model\":\"no\"," + HI + "}");
    assertEquals(404, answer.status());
    assertEquals("model_not_found", answer.json().at("/error/code").stringValue());
  }

  @Test
  void errorsBeforeTheFirstWord_areStatuses_alsoOfStreams() throws Exception {
    Fault fault = Fault.of("no");
    server.backend.script =
        sink -> {
          throw new ContextOverflowException(fault, 5000, 4096);
        };
    FakeServer.Answer overflow = ask(HI + ",\"stream\":true");
    assertEquals(400, overflow.status());
    assertEquals("context_length_exceeded", overflow.json().at("/error/code").stringValue());
    assertEquals("messages", overflow.json().at("/error/param").stringValue());
    assertEquals("prompt", overflowOf("/v1/completions", "\"prompt\":\"x\",\"stream\":true"));
    assertEquals("input", overflowOf("/v1/responses", "\"input\":\"x\""));
    assertEquals("prompt", overflowOf("/completion", "\"prompt\":\"x\""));
    String gap = "\"input_prefix\":\"x\",\"input_suffix\":\"y\"";
    assertEquals("input_prefix", overflowOf("/infill", gap));
    server.backend.script =
        sink -> {
          throw new BusyException(fault, 7);
        };
    FakeServer.Answer busy = ask(HI + ",\"stream\":true");
    assertEquals(503, busy.status());
    assertEquals("7", busy.header("Retry-After"));
  }

  private String overflowOf(String path, String fields) throws Exception {
    FakeServer.Answer answer = server.post(path, "{\"model\":\"fake:1b\"," + fields + "}");
    assertEquals(400, answer.status(), answer.body());
    return answer.json().at("/error/param").stringValue();
  }

  @Test
  void null_isAbsent_alsoWhereAFieldIsRefused() throws Exception {
    String body =
        "\"functions\":null,\"function_call\":null,\"audio\":null,\"web_search_options\":null";
    assertEquals(200, ask(HI + "," + body).status());
    String none =
        "\"input\":\"x\",\"prompt\":null,\"conversation\":null,\"text\":{\"format\":null}";
    assertEquals(
        200, server.post("/v1/responses", "{\"model\":\"fake:1b\"," + none + "}").status());
  }

  @Test
  void errorAfterTheFirstWord_isTheLastEvent() throws Exception {
    server.backend.script =
        sink -> {
          sink.accept(new ChatEvent.Text("Hel"));
          throw new BackendException(Fault.of("it broke"), null);
        };
    FakeServer.Answer answer = ask(HI + ",\"stream\":true");
    assertEquals(200, answer.status());
    List<FakeServer.Event> events = answer.events();
    assertEquals("Hel", events.get(1).json().at("/choices/0/delta/content").stringValue());
    assertEquals("it broke", events.getLast().json().at("/error/message").stringValue());
    assertFalse(answer.body().contains("[DONE]"));
    assertEquals(200, server.get("/health").status(), "the server goes on");
  }

  @ParameterizedTest
  @CsvSource({"-1,", "5,5", "5.0,5", "-2,-2", "9223372036854775807,9223372036854775807"})
  void seed_isWhatItSays_butMinusOneIsANewOneEachTime(String given, @Nullable Long seed)
      throws Exception {
    ask(HI + ",\"seed\":" + given);
    assertEquals(seed, server.backend.chats.getFirst().generation().sampling().seed());
  }

  @Test
  void logitBias_reachesItsBounds() throws Exception {
    ask(HI + ",\"logit_bias\":{\"5\":-100,\"6\":1e2}");
    assertEquals(
        Map.of(5, -100f, 6, 100f),
        server.backend.chats.getFirst().generation().sampling().logitBias());
  }

  @Test
  void keepAlive_reachesTheManager() throws Exception {
    ask(HI + ",\"keep_alive\":\"5m\"");
    ask(HI + ",\"keep_alive\":-1");
    ask(HI);
    assertEquals(List.of("PT5M", "PT-1S", "null"), server.models.keepAlives);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'messages':[] | messages",
        "'messages':'x' | messages",
        "'messages':[1] | messages[0]",
        "'messages':[{}] | messages[0].role",
        "'messages':[{'role':'user'}] | messages[0].content",
        "'messages':[{'role':'user','content':1}] | messages[0].content",
        "'messages':[{'role':'user','content':'a','foo':1}] | messages[0].foo",
        "'messages':[{'role':'tool','content':'a'}] | messages[0].tool_call_id",
        "'messages':[{'role':'user','content':[{'type':'x'}]}] | messages[0].content[0].type",
        "'messages':[{'role':'user','content':[{'type':'text','text':'a','file':{}}]}] |"
            + " messages[0].content[0].file",
        "HI,'foo':1 | foo",
        "HI,'functions':[] | functions",
        "HI,'web_search_options':{} | web_search_options",
        "HI,'temperature':'hot' | temperature",
        "HI,'max_tokens':0 | max_tokens",
        "HI,'n':1000 | n",
        "HI,'top_logprobs':3 | top_logprobs",
        "HI,'reasoning_effort':'much' | reasoning_effort",
        "HI,'response_format':{'type':'xml'} | response_format.type",
        "HI,'response_format':{'type':'json_schema'} | response_format.json_schema",
        "HI,'response_format':{'type':'json_schema','json_schema':{'name':'a'}} |"
            + " response_format.json_schema.schema",
        "HI,'stop':5 | stop",
        "HI,'grammar':'root ::= x','guided_regex':'a' | guided_regex",
        "HI,'modalities':['audio'] | modalities",
        "HI,'stream_options':{'foo':1} | stream_options.foo",
        "HI,'tools':[{'type':'web_search'}] | tools[0].type",
        "HI,'tool_choice':'required' | tool_choice",
        "HI,'tool_choice':{'type':'function','function':{'name':'x'}} | tool_choice",
        "HI,'keep_alive':'soon' | keep_alive",
        "HI,'keep_alive':1e400 | keep_alive",
        "HI,'keep_alive':-1e400 | keep_alive",
        "HI,'temperature':1e400 | temperature",
        "HI,'max_tokens':1e400 | max_tokens",
        "HI,'max_tokens':1.5 | max_tokens",
        "HI,'seed':1.5 | seed",
        "HI,'seed':1e30 | seed",
        "HI,'seed':'x' | seed",
        "HI,'timeout_ms':1e400 | timeout_ms",
        "HI,'logit_bias':{'5':1e100} | logit_bias",
        "HI,'logit_bias':{'5':100.5} | logit_bias",
        "HI,'logit_bias':{'5':1e400} | logit_bias",
        "HI,'logit_bias':{'5':'x'} | logit_bias",
        "HI,'lora':[{'id':'a','scale':1e99999999999}] | lora[0].scale",
        "HI,'metadata':{'a':[1,{'b':1e-99999999999}]} | metadata.a[1].b",
        "HI,'metadata':{'a':1e2000000000} | metadata.a",
      })
  void wrongField_isNamed(String fields, String param) throws Exception {
    FakeServer.Answer answer = ask(fields.replace("HI", HI).replace('\'', '"'));
    assertEquals(400, answer.status(), answer.body());
    assertEquals(param, answer.json().at("/error/param").stringValue());
    assertTrue(server.backend.chats.isEmpty());
  }
}

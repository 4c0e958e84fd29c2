package dev.nearside.serve.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers and every event of streams are what OpenAI's own specification says. {@code nullable}
 * means there what it meant in OpenAPI 3.0; the stream of legacy completions, which it does not
 * describe, has a {@code finish_reason} of null until the last.
 */
class SpecificationTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private final FakeServer server = new FakeServer();
  private final Map<String, Schema> schemas = new HashMap<>();
  private JsonNode components = FakeServer.JSON.createObjectNode();

  @BeforeEach
  void read() throws Exception {
    String variable =
        Objects.requireNonNullElse(System.getenv("NEARSIDE_CASES"), "../../shared/cases");
    Path file =
        Path.of(
            System.getProperty("nearside.cases", variable), "api", "openai-openapi-subset.json");
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    components = FakeServer.JSON.readTree(Files.readAllBytes(file)).get("components");
    nullable(components);
  }

  @AfterEach
  void close() {
    server.close();
  }

  // Says in JSON Schema's words what 'nullable' says.
  private static void nullable(JsonNode node) {
    node.values().forEach(SpecificationTest::nullable);
    if (!(node instanceof ObjectNode object) || !node.path("nullable").asBoolean(false)) {
      return;
    }
    object.remove("nullable");
    if (object.path("type").isString()) {
      ArrayNode types = FakeServer.JSON.createArrayNode();
      types.add(object.get("type")).add("null");
      object.set("type", types);
      if (object.path("enum") instanceof ArrayNode values) {
        values.addNull();
      }
    } else if (object.has("$ref")) {
      String target = object.get("$ref").stringValue();
      object.removeAll();
      object.putArray("anyOf").addObject().put("$ref", target);
      ((ArrayNode) object.get("anyOf")).addObject().put("type", "null");
    }
  }

  private void check(String type, JsonNode value) {
    Schema schema =
        schemas.computeIfAbsent(
            type,
            name -> {
              ObjectNode root = FakeServer.JSON.createObjectNode();
              root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
              root.put("$ref", "#/components/schemas/" + name);
              root.set("components", components);
              return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(root);
            });
    List<String> errors = schema.validate(value).stream().map(String::valueOf).toList();
    assertTrue(errors.isEmpty(), () -> type + ": " + errors + "\n" + value);
  }

  private FakeServer.Answer ask(String path, String fields) throws Exception {
    FakeServer.Answer answer = server.post(path, "{\"model\":\"fake:1b\"," + fields + "}");
    assertEquals(200, answer.status(), answer.body());
    return answer;
  }

  private void checkEvents(String type, FakeServer.Answer answer) {
    assertTrue(answer.events().size() > 2);
    for (FakeServer.Event event : answer.events()) {
      if (!event.data().equals("[DONE]")) {
        check(type, event.json());
      }
    }
  }

  private static FakeBackend.Script everything() {
    return FakeBackend.plays(
        FinishReason.TOOL_CALLS,
        new ChatEvent.Reasoning("hm"),
        new ChatEvent.Logprobs(List.of(FakeBackend.token("Well", -0.5))),
        new ChatEvent.Text("Well"),
        new ChatEvent.ToolCallStart(0, "call_1", "f"),
        new ChatEvent.ToolCallArguments(0, "{}"),
        new ChatEvent.ToolCallStart(1, "call_2", "g"),
        new ChatEvent.ToolCallArguments(1, "{\"x\":1}"));
  }

  @Test
  void chatCompletions() throws Exception {
    String path = "/v1/chat/completions";
    check("CreateChatCompletionResponse", ask(path, HI).json());
    server.backend.script = everything();
    String all = HI + ",\"n\":2,\"logprobs\":true,\"top_logprobs\":2";
    check("CreateChatCompletionResponse", ask(path, all).json());
    String stream = ",\"stream\":true";
    checkEvents("CreateChatCompletionStreamResponse", ask(path, all + stream));
    checkEvents(
        "CreateChatCompletionStreamResponse",
        ask(path, HI + stream + ",\"stream_options\":{\"include_usage\":true}"));
  }

  @Test
  void completions() throws Exception {
    String path = "/v1/completions";
    check("CreateCompletionResponse", ask(path, "\"prompt\":\"a\"").json());
    server.backend.script =
        FakeBackend.plays(
            FinishReason.LENGTH,
            new ChatEvent.Logprobs(List.of(FakeBackend.token("Well", -0.5))),
            new ChatEvent.Text("Well"),
            new ChatEvent.Text("..."));
    check("CreateCompletionResponse", ask(path, "\"prompt\":[\"a\",\"b\"],\"logprobs\":1").json());
    ObjectNode reason =
        (ObjectNode)
            components.at(
                "/schemas/CreateCompletionResponse/properties/choices/items/properties/finish_reason");
    reason.put("nullable", true);
    nullable(reason);
    schemas.clear();
    FakeServer.Answer stream = ask(path, "\"prompt\":\"a\",\"logprobs\":1,\"stream\":true");
    checkEvents("CreateCompletionResponse", stream);
  }

  @Test
  void models() throws Exception {
    check("ListModelsResponse", server.get("/v1/models").json());
    check("Model", server.get("/v1/models/fake:1b").json());
  }

  @Test
  void embeddings() throws Exception {
    check("CreateEmbeddingResponse", ask("/v1/embeddings", "\"input\":[\"a\",\"bc\"]").json());
  }

  @Test
  void responses() throws Exception {
    String path = "/v1/responses";
    String input = "\"input\":\"Hi\"";
    check("Response", ask(path, input).json());
    server.backend.script = everything();
    String all =
        """
        "input":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"input_text","text":"Hi"}]},
          {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"c","output":"1"},
          {"type":"reasoning","id":"rs_1","summary":[]},{"role":"assistant","content":"x"},
          {"role":"user","content":"And?"}],
        "tools":[{"type":"function","name":"f"},{"type":"function","name":"g","description":"d",
          "parameters":{"type":"object"},"strict":true}],
        "tool_choice":{"type":"function","name":"g"},"instructions":"I","max_output_tokens":99,
        "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}},
        "reasoning":{"effort":"low","summary":"auto"},"metadata":{"a":"b"},"temperature":0.5,
        "top_p":0.9,"top_logprobs":2,"include":["message.output_text.logprobs"],"user":"u",
        "service_tier":"auto","truncation":"disabled"
        """;
    JsonNode response = ask(path, all).json();
    check("Response", response);
    checkEvents("ResponseStreamEvent", ask(path, all + ",\"stream\":true"));
    String id = response.get("id").stringValue();
    check("Response", server.get(path + "/" + id).json());
    check("ResponseItemList", server.get(path + "/" + id + "/input_items").json());
    check("TokenCountsResource", ask(path + "/input_tokens", input).json());
    server.backend.script = FakeBackend.plays(FinishReason.LENGTH, new ChatEvent.Text("cut"));
    checkEvents("ResponseStreamEvent", ask(path, input + ",\"stream\":true"));
    server.backend.script =
        sink -> {
          sink.accept(new ChatEvent.Text("Hel"));
          throw new IllegalStateException("broken");
        };
    checkEvents("ResponseStreamEvent", ask(path, input + ",\"stream\":true"));
  }

  @Test
  void errors() throws Exception {
    for (String body : List.of("", "{", "[]", "{}", "{\"model\":\"no\"," + HI + "}")) {
      FakeServer.Answer answer = server.post("/v1/chat/completions", body);
      assertTrue(answer.status() >= 400);
      check("ErrorResponse", answer.json());
    }
    check("ErrorResponse", server.get("/v1/nothing").json());
    check("ErrorResponse", server.get("/v1/chat/completions").json());
  }
}

package dev.nearside.serve.ollama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.ModelFacts.Ability;
import dev.nearside.chat.Prompt;
import dev.nearside.serve.ServerUnderTest;
import dev.nearside.serve.ServerUnderTest.Answer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GenerateTest {
  private ServerUnderTest server;

  @BeforeEach
  void start(@TempDir Path home) {
    server = new ServerUnderTest(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer generate(String rest) throws Exception {
    return server.post("/api/generate", "{\"model\": \"fake:1b\", " + rest + "}");
  }

  private String completion() {
    Prompt prompt = server.models.completions.getLast().prompt();
    int[] ids = assertInstanceOf(Prompt.Ids.class, prompt).ids();
    return new String(ids, 0, ids.length);
  }

  @Test
  void prompt_isAChatOfOneTurn_withSystemBefore() throws Exception {
    List<JsonNode> lines = generate("\"prompt\": \"why?\", \"system\": \"be brief\"").lines();
    assertEquals("Hello", lines.getFirst().get("response").asString());
    JsonNode last = lines.getLast();
    assertEquals("", last.get("response").asString());
    assertEquals("stop", last.get("done_reason").asString());
    ChatRequest asked = server.models.chats.getFirst();
    assertEquals("be brief", asked.messages().get(0).content());
    assertEquals("why?", asked.messages().get(1).content());
    assertTrue(last.get("context").size() > 10);
  }

  @Test
  void context_continuesTheConversation() throws Exception {
    JsonNode first = generate("\"prompt\": \"a\", \"stream\": false").json();
    assertEquals("Hello there", first.get("response").asString());
    generate("\"prompt\": \"b\", \"context\": " + first.get("context"));
    assertEquals("<user>aHello there<user>b", completion());
  }

  @Test
  void raw_takesThePromptAsItIs_andGivesNoContext() throws Exception {
    JsonNode reply = generate("\"prompt\": \"[INST]\", \"raw\": true, \"stream\": false").json();
    assertEquals("[INST]", completion());
    assertTrue(reply.at("/context").isMissingNode());
    assertEquals(400, generate("\"prompt\": \"x\", \"raw\": true, \"system\": \"y\"").status());
  }

  @Test
  void suffix_isAGap() throws Exception {
    generate("\"prompt\": \"def f(\", \"suffix\": \"return\"");
    assertEquals(
        new Prompt.Infill("def f(", "return"), server.models.completions.getFirst().prompt());
  }

  @Test
  void template_inJinja_isUsed_andInGoRefused() throws Exception {
    generate("\"prompt\": \"x\", \"template\": \"Q: {{ messages[0].content }} A:\"");
    assertEquals("Q: x A:", completion());
    Answer refused = generate("\"prompt\": \"x\", \"template\": \"{{ .System }} {{ .Prompt }}\"");
    assertEquals(400, refused.status());
    assertTrue(refused.json().get("error").asString().contains("Jinja"), refused.body());
    assertEquals(200, generate("\"prompt\": \"x\", \"template\": \"\"").status());
  }

  @Test
  void baseModel_continuesTheText() throws Exception {
    server.models.abilities = EnumSet.of(Ability.COMPLETION);
    generate("\"prompt\": \"Once upon\"");
    assertEquals("Once upon", completion());
  }

  @Test
  void emptyPrompt_loads_andWithKeepAliveZeroUnloads() throws Exception {
    assertEquals("load", generate("\"stream\": true").json().get("done_reason").asString());
    JsonNode unloaded = generate("\"keep_alive\": \"0s\"").json();
    assertEquals("unload", unloaded.get("done_reason").asString());
    assertEquals(List.of("fake:1b null", "unload fake:1b"), server.models.loads);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"raw\": true",
        "\"suffix\": \"y\"",
        "\"template\": \"{{ messages }}\"",
        "\"context\": [1]",
        "\"stream\": false"
      })
  void images_areRefusedByName_howeverTheyAreAsked(String more) throws Exception {
    Answer answer = generate("\"prompt\": \"x\", \"images\": [\"aGk=\"]," + more);
    assertEquals(400, answer.status());
    assertTrue(answer.json().get("error").asString().contains("images"), answer.body());
    assertTrue(server.models.completions.isEmpty());
    assertTrue(server.models.chats.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"system\": \"s\"", "\"template\": \"t\"", "\"context\": [1]"})
  void suffix_withWhatAGapHasNoPlaceFor_isRefused(String more) throws Exception {
    Answer answer = generate("\"prompt\": \"x\", \"suffix\": \"y\"," + more);
    assertEquals(400, answer.status());
    assertTrue(answer.json().get("error").asString().contains("'suffix'"), answer.body());
    assertTrue(server.models.completions.isEmpty());
  }

  @Test
  void context_thatIsNoTokens_isRefused() throws Exception {
    assertEquals(400, generate("\"prompt\": \"x\", \"context\": [\"y\"]").status());
    assertArrayEquals(new Object[0], server.models.completions.toArray());
  }
}

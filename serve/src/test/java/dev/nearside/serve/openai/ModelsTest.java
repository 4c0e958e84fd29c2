package dev.nearside.serve.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.serve.fake.FakeServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The list of models, as OpenAI and as Anthropic have it. */
class ModelsTest {
  private static final String[] ANTHROPIC = {"anthropic-version", "2023-06-01"};

  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void list_isOpenAis() throws Exception {
    JsonNode body = server.get("/v1/models").json();
    assertEquals("list", body.get("object").stringValue());
    assertEquals("fake:1b", body.at("/data/0/id").stringValue());
    assertEquals(1767323045, body.at("/data/0/created").intValue());
  }

  @Test
  void list_anthropicsHeader_isAnthropicsAndInPages() throws Exception {
    JsonNode body = server.get("/v1/models?limit=2", ANTHROPIC).json();
    assertEquals("model", body.at("/data/0/type").stringValue());
    assertEquals("2026-01-02T03:04:05Z", body.at("/data/0/created_at").stringValue());
    assertTrue(body.get("has_more").booleanValue());
    String last = body.get("last_id").stringValue();
    JsonNode next = server.get("/v1/models?after_id=" + last, ANTHROPIC).json();
    assertEquals(1, next.get("data").size());
    JsonNode before = server.get("/v1/models?before_id=" + last + "&limit=1", ANTHROPIC).json();
    assertEquals("fake:1b", before.get("first_id").stringValue());
  }

  @Test
  void one_nameWithSlashes_asTheyAreOrEscaped() throws Exception {
    for (String path : new String[] {"hf.co/user/repo:Q4_K_M", "hf.co%2Fuser%2Frepo%3AQ4_K_M"}) {
      FakeServer.Answer answer = server.get("/v1/models/" + path);
      assertEquals(200, answer.status(), answer.body());
      assertEquals("hf.co/user/repo:Q4_K_M", answer.json().get("id").stringValue());
    }
  }

  @Test
  void one_unknown_isAnErrorOfTheCallersDialect() throws Exception {
    FakeServer.Answer openAi = server.get("/v1/models/nope");
    assertEquals(404, openAi.status());
    assertEquals("model_not_found", openAi.json().at("/error/code").stringValue());
    FakeServer.Answer anthropic = server.get("/v1/models/nope", ANTHROPIC);
    assertEquals(404, anthropic.status());
    assertEquals("not_found_error", anthropic.json().at("/error/type").stringValue());
    assertEquals(anthropic.header("request-id"), anthropic.json().get("request_id").stringValue());
  }
}

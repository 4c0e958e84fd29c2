package dev.nearside.serve.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.serve.ServerUnderTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EmbedTest {
  private ServerUnderTest server;

  @BeforeEach
  void start(@TempDir Path home) {
    server = new ServerUnderTest(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode post(String path, String rest) throws Exception {
    return server.post(path, "{\"model\": \"fake:1b\"" + rest + "}").json();
  }

  @Test
  void severalTexts_giveAVectorEach_andAreCounted() throws Exception {
    JsonNode body = post("/api/embed", ", \"input\": [\"a\", \"b\"], \"dimensions\": 2");
    assertEquals(2, body.get("embeddings").size());
    assertEquals(-0.8f, body.at("/embeddings/1/1").floatValue());
    assertEquals(8, body.get("prompt_eval_count").intValue());
    assertTrue(body.get("total_duration").longValue() >= body.get("load_duration").longValue());
    EmbeddingRequest asked = server.models.embeddings.getFirst();
    assertEquals(
        List.of(new EmbeddingInput.Text("a"), new EmbeddingInput.Text("b")), asked.inputs());
    assertTrue(asked.isNormalised() && asked.isTruncated());
    assertEquals(2, asked.dimensions());
    String page = server.get("/metrics").body();
    assertTrue(
        page.contains(
            "gen_ai_client_token_usage_total{gen_ai_operation_name=\"embeddings\","
                + "gen_ai_request_model=\"fake:1b\",gen_ai_token_type=\"input\"} 8"),
        page);
    server.assertNoLease();
  }

  @Test
  void oneText_andTruncateFalse_areTaken() throws Exception {
    assertEquals(
        1, post("/api/embed", ", \"input\": \"a\", \"truncate\": false").get("embeddings").size());
    assertFalse(server.models.embeddings.getFirst().isTruncated());
  }

  @Test
  void moreTextsThanABatchHolds_are400() throws Exception {
    String most = ", \"input\": [" + "\"a\",".repeat(2047) + "\"a\"";
    assertEquals(2048, post("/api/embed", most + "]").get("embeddings").size());
    ServerUnderTest.Answer answer =
        server.post("/api/embed", "{\"model\": \"fake:1b\"" + most + ", \"a\"]}");
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("'input' must not hold more than 2048"), answer.body());
    assertEquals(1, server.models.embeddings.size());
  }

  @Test
  void withoutText_theModelIsOnlyLoaded() throws Exception {
    assertEquals(0, post("/api/embed", "").get("embeddings").size());
    assertEquals(0, post("/api/embeddings", "").get("embedding").size());
    assertEquals(List.of("fake:1b null", "fake:1b null"), server.models.loads);
  }

  @Test
  void oldEndpoint_givesTheVectorAsTheModelMakesIt() throws Exception {
    JsonNode body = post("/api/embeddings", ", \"prompt\": \"a\"");
    assertEquals(0.6f, body.at("/embedding/0").floatValue());
    assertFalse(server.models.embeddings.getFirst().isNormalised());
  }
}

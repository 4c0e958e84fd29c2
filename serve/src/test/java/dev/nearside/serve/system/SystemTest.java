package dev.nearside.serve.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The server about itself. */
class SystemTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void healthAndVersion_areTold() throws Exception {
    assertEquals("ok", server.get("/health").json().get("status").stringValue());
    assertEquals("ok", server.get("/v1/health").json().get("status").stringValue());
    assertEquals("1.2.3", server.get("/version").json().get("version").stringValue());
  }

  @Test
  void catalogue_hasWhatTheUiShows() throws Exception {
    JsonNode models = server.get("/api/nearside/catalogue").json().get("models");
    assertTrue(models.size() > 5);
    int fitting = 0;
    for (JsonNode m : models.values()) {
      assertTrue(m.get("memoryBytes").longValue() > m.get("bytes").longValue());
      assertEquals(m.get("memoryBytes").longValue() <= 1L << 30, m.get("fits").booleanValue());
      assertFalse(m.get("installed").booleanValue());
      fitting += m.get("fits").booleanValue() ? 1 : 0;
    }
    assertTrue(fitting > 0 && fitting < models.size());
  }

  @Test
  void system_tellsWhatIsInUse() throws Exception {
    JsonNode system = server.get("/api/nearside/system").json();
    assertEquals(120, system.at("/memory/used").intValue());
    assertEquals(1L << 30, system.at("/memory/forModels").longValue());
    assertTrue(system.at("/memory/total").longValue() > 0);
    assertEquals(100, system.at("/loaded/0/bytes").intValue());
    assertFalse(system.get("cpu").stringValue().isEmpty());
  }

  @Test
  void metrics_countRepliesOfAllApis() throws Exception {
    CountDownLatch isAsked = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    server.backend.script =
        sink -> {
          sink.accept(new ChatEvent.Text("a"));
          isAsked.countDown();
          mayEnd.await();
          return FakeBackend.end(FinishReason.STOP);
        };
    Thread client =
        Thread.startVirtualThread(() -> {
          try {
            server.post("/v1/completions", "{\"model\":\"fake:1b\",\"prompt\":\"x\"}");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    isAsked.await();
    JsonNode during = server.get("/api/nearside/metrics").json();
    assertEquals(1, during.get("running").intValue());
    assertEquals(0, during.get("waiting").intValue());
    mayEnd.countDown();
    client.join();
    JsonNode after = server.get("/api/nearside/metrics").json();
    assertEquals(0, after.get("running").intValue());
    assertEquals(1, after.get("requests").intValue());
    assertEquals(12, after.get("prompt_tokens").intValue());
    assertEquals(5, after.get("cached_tokens").intValue());
    assertEquals(3, after.get("generated_tokens").intValue());
  }
}

package dev.nearside.serve.guard;

import static dev.nearside.serve.ScriptedModels.end;
import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.FinishReason;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.ServerUnderTest;
import dev.nearside.serve.ServerUnderTest.Answer;
import dev.nearside.serve.keys.ApiKey;
import dev.nearside.serve.keys.KeyFile;
import dev.nearside.serve.keys.KeyRing;
import dev.nearside.serve.keys.KeySecret;
import dev.nearside.serve.keys.Scope;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several keys use one server: none takes what belongs to another. */
class SharedServerTest {
  private static final String MODEL = "{\"model\": \"fake:1b\"";
  private static final String CHAT =
      MODEL + ", \"stream\": false, \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";

  @TempDir Path home;

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private ServerUnderTest server;

  private String chat = "";
  private String other = "";
  private String read = "";
  private String admin = "";

  @BeforeEach
  void makeKeys() {
    chat = key("chat", ApiKey.Quota.NONE, Scope.CHAT);
    other = key("other", ApiKey.Quota.NONE, Scope.CHAT);
    read = key("read", ApiKey.Quota.NONE, Scope.READ);
    admin = key("admin", ApiKey.Quota.NONE, Scope.ADMIN);
    start(ServerOptions.DEFAULTS);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String key(String name, ApiKey.Quota quota, Scope... scopes) {
    SecureRandom random = new SecureRandom();
    KeySecret secret = KeySecret.create(random);
    new KeyFile(home.resolve("keys.json"))
        .add(secret.entry(name, Set.of(scopes), quota, random, Instant.now()));
    return secret.text();
  }

  @SuppressWarnings("ConstantValue") // the first start has nothing to stop
  private void start(ServerOptions options) {
    if (server != null) {
      server.close();
    }
    KeyRing ring = new KeyRing(new KeyFile(home.resolve("keys.json")));
    server =
        new ServerUnderTest(
            home, options.withAccess(new ServerOptions.Access(ring, Set.of(), List.of())));
  }

  private Answer as(String key, String method, String path, String body) throws Exception {
    return server.send(
        server
            .request(path)
            .header("Authorization", "Bearer " + key)
            .method(method, BodyPublishers.ofString(body)));
  }

  private Answer post(String key, String path, String body) throws Exception {
    return as(key, "POST", path, body);
  }

  @Test
  void priorityAboveOthers_takesAKeyOfTheAdministrator() throws Exception {
    post(chat, "/v1/chat/completions", CHAT + ", \"priority\": 100}");
    assertEquals(0, lastPriority());
    post(chat, "/v1/chat/completions", CHAT + ", \"priority\": -5}");
    assertEquals(-5, lastPriority());
    post(admin, "/v1/chat/completions", CHAT + ", \"priority\": 100}");
    assertEquals(100, lastPriority());
  }

  @Test
  void computedPrompts_areSharedWithinAKey() throws Exception {
    List<String> owners = new ArrayList<>();
    for (String key : List.of(chat, chat, other, admin)) {
      post(key, "/v1/chat/completions", CHAT + "}");
      owners.add(server.models.chats.getLast().generation().owner());
    }
    assertEquals(owners.get(0), owners.get(1));
    assertNotEquals(owners.get(0), owners.get(2));
    assertFalse(owners.get(0).isEmpty() || owners.get(2).isEmpty());
    assertEquals("", owners.get(3));
  }

  private int lastPriority() {
    return server.models.chats.getLast().generation().urgency().priority();
  }

  @Test
  void keepAlive_ofAChatKey_neitherUnloadsNorPins() throws Exception {
    post(chat, "/api/chat", CHAT + ", \"keep_alive\": 0}");
    post(chat, "/api/chat", CHAT + ", \"keep_alive\": -1}");
    post(chat, "/v1/chat/completions", CHAT + ", \"keep_alive\": \"20m\"}");
    post(admin, "/api/chat", CHAT + ", \"keep_alive\": 0}");
    assertEquals(
        List.of("fake:1b null", "fake:1b PT1H", "fake:1b PT20M", "fake:1b PT0S"),
        server.models.loads);
  }

  @Test
  void unloading_takesAKeyOfTheAdministrator() throws Exception {
    for (String path : List.of("/api/generate", "/api/chat")) {
      assertEquals(403, post(chat, path, MODEL + ", \"keep_alive\": 0}").status());
    }
    assertEquals(List.of(), server.models.loads);
    Answer done = post(admin, "/api/generate", MODEL + ", \"keep_alive\": 0}");
    assertEquals("unload", done.json().get("done_reason").asString());
    assertEquals(List.of("unload fake:1b"), server.models.loads);
  }

  @Test
  void keptAnswers_areSeenByTheirKeyAlone() throws Exception {
    Answer answer = post(chat, "/v1/responses", MODEL + ", \"input\": \"secret\"}");
    String id = answer.json().get("id").asString();
    String item = answer.json().at("/output/0/id").asString();
    String reference = MODEL + ", \"input\": [{\"type\": \"item_reference\", \"id\": \"" + item;
    String previous = MODEL + ", \"input\": \"x\", \"previous_response_id\": \"" + id + "\"}";
    String path = "/v1/responses/" + id;
    assertEquals(403, as(read, "GET", path, "").status());
    for (String stranger : List.of(other, admin)) {
      assertEquals(404, as(stranger, "GET", path, "").status());
      assertEquals(404, as(stranger, "GET", path + "/input_items", "").status());
      assertEquals(404, as(stranger, "DELETE", path, "").status());
      assertEquals(400, post(stranger, "/v1/responses", reference + "\"}]}").status());
      assertEquals(400, post(stranger, "/v1/responses", previous).status());
    }
    assertEquals(200, post(chat, "/v1/responses", reference + "\"}]}").status());
    assertEquals(200, post(chat, "/v1/responses", previous).status());
    assertEquals(answer.json(), as(chat, "GET", path, "").json());
    assertEquals(200, as(chat, "DELETE", path, "").status());
  }

  @Test
  void severalReplies_runInThePlacesThatThereAre() throws Exception {
    start(ServerOptions.DEFAULTS.withLimits(ServerOptions.Limits.DEFAULTS.withQueue(1, 0)));
    AtomicInteger most = watchMost();
    Answer answer = post(chat, "/v1/chat/completions", CHAT + ", \"n\": 6}");
    assertEquals(6, answer.json().get("choices").size());
    assertEquals(1, most.get());
    start(ServerOptions.DEFAULTS.withLimits(ServerOptions.Limits.DEFAULTS.withQueue(8, 0)));
    AtomicInteger more = watchMost();
    assertEquals(200, post(chat, "/v1/chat/completions", CHAT + ", \"n\": 6}").status());
    assertTrue(more.get() >= 2 && more.get() <= 3, "its own place and a quarter: " + more);
    assertEquals(200, post(chat, "/v1/chat/completions", CHAT + ", \"n\": 6}").status());
  }

  private AtomicInteger watchMost() {
    AtomicInteger most = new AtomicInteger();
    server.models.script =
        (request, sink) -> {
          most.accumulateAndGet(server.models.running.get(), Math::max);
          Thread.sleep(100);
          return end(FinishReason.STOP);
        };
    return most;
  }

  @Test
  void severalReplies_thatFail_giveAllPlacesBack() throws Exception {
    start(ServerOptions.DEFAULTS.withLimits(ServerOptions.Limits.DEFAULTS.withQueue(4, 0)));
    server.models.script =
        (request, sink) -> {
          throw new IllegalStateException("on purpose");
        };
    for (int i = 0; i < 10; i++) {
      assertEquals(500, post(chat, "/v1/chat/completions", CHAT + ", \"n\": 4}").status());
    }
    assertTrue(server.get("/health").status() == 200);
    assertTrue(
        as(read, "GET", "/metrics", "").body().contains("nearside_requests_running 0"),
        "a place is held");
  }

  @Test
  void eachReply_countsAsARequestOfTheMinute() throws Exception {
    String few = key("few", new ApiKey.Quota(3, 0), Scope.CHAT);
    assertEquals(200, post(few, "/v1/chat/completions", CHAT + "}").status());
    Answer tooMany = post(few, "/v1/chat/completions", CHAT + ", \"n\": 3}");
    assertEquals(429, tooMany.status());
    assertTrue(Integer.parseInt(tooMany.header("retry-after")) > 0);
    assertEquals(200, post(few, "/v1/chat/completions", CHAT + "}").status());
    assertEquals(429, post(few, "/v1/chat/completions", CHAT + "}").status());
  }

  @Test
  void whatOnlyLooks_takesNoPlace() throws Exception {
    start(ServerOptions.DEFAULTS.withLimits(ServerOptions.Limits.DEFAULTS.withQueue(1, 0)));
    CountDownLatch go = new CountDownLatch(1);
    server.models.script =
        (request, sink) -> {
          go.await();
          return end(FinishReason.STOP);
        };
    Thread.ofVirtual()
        .start(() -> {
          try {
            post(chat, "/api/chat", CHAT + "}");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    assertTrue(eventually(() -> server.models.running.get() == 1));
    assertEquals(404, post(read, "/api/show", "{\"model\": \"none\"}").status());
    assertEquals(403, post(chat, "/api/show", "{\"model\": \"none\"}").status());
    assertEquals(404, as(chat, "GET", "/v1/responses/x", "").status());
    assertEquals(403, as(read, "GET", "/props?model=fake:1b", "").status());
    assertEquals(503, as(chat, "GET", "/props?model=fake:1b", "").status());
    go.countDown();
  }

  @Test
  void requestsThatOnlyCompute_leaveTheServerAnswering() throws Exception {
    AtomicInteger stop = new AtomicInteger();
    server.models.script =
        (request, sink) -> {
          while (stop.get() == 0) {
            Thread.onSpinWait(); // as a grammar that never ends compiling
          }
          return end(FinishReason.STOP);
        };
    int spinning = Runtime.getRuntime().availableProcessors() + 1;
    for (int i = 0; i < spinning; i++) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              post(chat, "/api/chat", CHAT + "}");
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
    try {
      assertTrue(eventually(() -> server.models.running.get() == spinning));
      assertEquals(200, server.get("/health").status());
    } finally {
      stop.set(1);
    }
  }

  @Test
  void tooManyOrTooLongStops_areRefused() throws Exception {
    String many = "\"a\",".repeat(64) + "\"a\"";
    Answer answer = post(chat, "/v1/chat/completions", CHAT + ", \"stop\": [" + many + "]}");
    assertEquals(400, answer.status(), answer.body());
    assertEquals(
        400,
        post(chat, "/api/chat", CHAT + ", \"options\": {\"stop\": [\"" + "x".repeat(1025) + "\"]}}")
            .status());
    String some = "\"a\",".repeat(63) + "\"a\"";
    assertEquals(
        200, post(chat, "/v1/chat/completions", CHAT + ", \"stop\": [" + some + "]}").status());
  }
}

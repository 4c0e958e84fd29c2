package dev.nearside.serve.guard;

import static dev.nearside.serve.ScriptedModels.end;
import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.serve.ScriptedModels;
import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.ServerUnderTest;
import dev.nearside.serve.ServerUnderTest.Answer;
import dev.nearside.serve.keys.ApiKey;
import dev.nearside.serve.keys.KeyFile;
import dev.nearside.serve.keys.KeyRing;
import dev.nearside.serve.keys.KeySecret;
import dev.nearside.serve.keys.Scope;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  private static final String CHAT =
      "{\"model\": \"fake:1b\", \"stream\": false, \"messages\": [{\"role\": \"user\","
          + " \"content\": \"secret words\"}]}";

  @TempDir Path home;

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private ServerUnderTest server;

  @BeforeEach
  void open() {
    server = new ServerUnderTest(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private KeyFile file() {
    return new KeyFile(home.resolve("keys.json"));
  }

  private String key(String name, ApiKey.Quota quota, Scope... scopes) {
    SecureRandom random = new SecureRandom();
    KeySecret secret = KeySecret.create(random);
    file().add(secret.entry(name, Set.of(scopes), quota, random, Instant.now()));
    return secret.text();
  }

  private void start() {
    start(ServerOptions.DEFAULTS);
  }

  private void start(ServerOptions options) {
    start(options, false);
  }

  private void start(ServerOptions options, boolean isInsecure) {
    ServerOptions.Access access =
        new ServerOptions.Access(
                new KeyRing(file()), Set.of("box.lan"), List.of("https://good.example", "app://*"))
            .withInsecure(isInsecure);
    server.close();
    server = new ServerUnderTest(home, options.withAccess(access));
  }

  private Answer with(String key, String method, String path, String body) throws Exception {
    return server.send(
        server
            .request(path)
            .header("Authorization", "Bearer " + key)
            .method(method, BodyPublishers.ofString(body)));
  }

  @Test
  void withoutAnyKey_everybodyMayEverything() throws Exception {
    start();
    assertEquals(200, server.post("/api/chat", CHAT).status());
    assertEquals(501, server.post("/api/push", "{}").status());
  }

  @Test
  void wrongOrMissingKey_is401_inEachDialect() throws Exception {
    key("a", ApiKey.Quota.NONE, Scope.CHAT);
    start();
    Answer ollama = server.post("/api/chat", CHAT);
    assertEquals(401, ollama.status());
    assertTrue(ollama.json().get("error").isString());
    assertTrue(ollama.header("www-authenticate").startsWith("Bearer"));
    Answer openAi = with("nsk-000000000000-x", "POST", "/v1/chat/completions", CHAT);
    assertEquals(401, openAi.status());
    assertEquals("invalid_api_key", openAi.json().at("/error/code").asString());
    assertEquals(401, server.post("/api/chat?key=x&api_key=y", CHAT).status());
    assertEquals(200, server.get("/").status(), "whether it is alive may be seen");
    assertEquals(0, server.models.chats.size());
  }

  @Test
  void key_inEitherHeader_isTaken_andBoundToItsScopes() throws Exception {
    String chat = key("chat", ApiKey.Quota.NONE, Scope.CHAT);
    String read = key("read", ApiKey.Quota.NONE, Scope.READ);
    String admin = key("admin", ApiKey.Quota.NONE, Scope.ADMIN);
    start();
    assertEquals(200, with(chat, "POST", "/api/chat", CHAT).status());
    assertEquals(
        200,
        server
            .send(
                server
                    .request("/api/chat")
                    .header("x-api-key", chat)
                    .POST(BodyPublishers.ofString(CHAT)))
            .status());
    Answer refused = with(chat, "DELETE", "/api/delete", "{\"model\": \"x\"}");
    assertEquals(403, refused.status());
    assertTrue(refused.json().get("error").asString().contains("admin"));
    assertEquals(403, with(read, "POST", "/api/chat", CHAT).status());
    assertEquals(200, with(read, "GET", "/api/tags", "").status());
    assertEquals(200, with(read, "GET", "/metrics", "").status());
    assertEquals(404, with(admin, "DELETE", "/api/delete", "{\"model\": \"x\"}").status());
    assertEquals(200, with(admin, "POST", "/api/chat", CHAT).status());
  }

  @Test
  void newKey_countsAtOnce_andARemovedOneNoMore() throws Exception {
    key("first", ApiKey.Quota.NONE, Scope.CHAT);
    start();
    String late = key("late", ApiKey.Quota.NONE, Scope.CHAT);
    assertEquals(200, with(late, "POST", "/api/chat", CHAT).status());
    file().remove("late");
    assertEquals(401, with(late, "POST", "/api/chat", CHAT).status());
  }

  @Test
  void lastKeyRemoved_letsNobodyIn() throws Exception {
    String only = key("only", ApiKey.Quota.NONE, Scope.CHAT);
    start();
    file().remove("only");
    assertEquals(401, with(only, "POST", "/api/chat", CHAT).status());
    assertEquals(401, server.post("/api/chat", CHAT).status());
    Files.delete(file().path());
    assertEquals(401, server.post("/api/chat", CHAT).status());
    assertEquals(200, server.get("/health").status());
  }

  @Test
  void serverBeyondThisMachine_withoutKeys_letsNobodyIn_unlessInsecure() throws Exception {
    start(ServerOptions.DEFAULTS.withAddress("0.0.0.0", 0), false);
    assertEquals(401, server.post("/api/chat", CHAT).status());
    assertEquals(401, server.get("/api/tags").status());
    String late = key("late", ApiKey.Quota.NONE, Scope.CHAT);
    assertEquals(200, with(late, "POST", "/api/chat", CHAT).status());
    start(ServerOptions.DEFAULTS.withAddress("0.0.0.0", 0), true);
    assertEquals(401, server.post("/api/chat", CHAT).status(), "there is a key");
    file().remove("late");
    start(ServerOptions.DEFAULTS.withAddress("0.0.0.0", 0), true);
    assertEquals(200, server.post("/api/chat", CHAT).status());
  }

  @Test
  void requestsBeyondTheMinutesLimit_are429_withHeaders() throws Exception {
    String key = key("a", new ApiKey.Quota(2, 0), Scope.CHAT);
    start();
    Answer first = with(key, "POST", "/api/chat", CHAT);
    assertEquals("2", first.header("x-ratelimit-limit-requests"));
    assertEquals("1", first.header("x-ratelimit-remaining-requests"));
    assertEquals(200, with(key, "POST", "/api/chat", CHAT).status());
    Answer third = with(key, "POST", "/v1/chat/completions", CHAT);
    assertEquals(429, third.status());
    assertEquals("rate_limit_error", third.json().at("/error/type").asString());
    int wait = Integer.parseInt(third.header("retry-after"));
    assertTrue(wait >= 20 && wait <= 31, "" + wait);
    assertEquals("0", third.header("x-ratelimit-remaining-requests"));
  }

  @Test
  void tokensBeyondTheDaysQuota_are429() throws Exception {
    String key = key("a", new ApiKey.Quota(0, 20), Scope.CHAT);
    start();
    assertEquals(200, with(key, "POST", "/api/chat", CHAT).status()); // 12 tokens
    Answer second = with(key, "POST", "/api/chat", CHAT);
    assertEquals("8", second.header("x-ratelimit-remaining-tokens"));
    Answer third = with(key, "POST", "/api/chat", CHAT);
    assertEquals(429, third.status());
    assertTrue(Integer.parseInt(third.header("retry-after")) <= 86_400);
  }

  @Test
  void tokensOfAReplyThatWasHungUpOn_arePaid() throws Exception {
    String key = key("a", new ApiKey.Quota(0, 20), Scope.CHAT);
    start();
    CountDownLatch first = new CountDownLatch(1);
    server.models.script =
        (request, sink) -> {
          for (int i = 0; i < 25; i++) {
            ScriptedModels.send(sink, new ChatEvent.Text("A"));
          }
          first.countDown();
          Thread.sleep(60_000);
          return ScriptedModels.end(FinishReason.STOP);
        };
    try (Socket socket = server.socket()) {
      String all =
          "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + key
              + "\r\nContent-Type: application/json\r\nContent-Length: "
              + CHAT.length()
              + "\r\n\r\n"
              + CHAT;
      socket.getOutputStream().write(all.getBytes(StandardCharsets.UTF_8));
      assertTrue(first.await(10, TimeUnit.SECONDS));
    }
    assertTrue(ServerUnderTest.eventually(() -> server.models.cancelled.get() == 1));
    server.assertNoLease();
    assertEquals(429, with(key, "POST", "/api/chat", CHAT).status());
  }

  @Test
  void tokensOfTheDay_outliveTheServer() throws Exception {
    String key = key("a", new ApiKey.Quota(0, 20), Scope.CHAT);
    start();
    assertEquals(200, with(key, "POST", "/api/chat", CHAT).status()); // 12 tokens
    start();
    Answer second = with(key, "POST", "/api/chat", CHAT);
    assertEquals("8", second.header("x-ratelimit-remaining-tokens"));
    start();
    assertEquals(429, with(key, "POST", "/api/chat", CHAT).status());
    Path usage = new KeyRing(file()).usage().path();
    assertTrue(Files.readString(usage).contains(": 24"), Files.readString(usage));
    server.close();
    Files.writeString(usage, "{ no");
    start();
    assertEquals(200, with(key, "POST", "/api/chat", CHAT).status(), "begun anew");
    server.close();
    assertTrue(Files.readString(usage).contains(": 12"), Files.readString(usage));
  }

  private String raw(String head) throws IOException {
    try (Socket socket = server.socket()) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String status(String host, String... headers) throws IOException {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    String answer =
        raw(
            "GET /api/version HTTP/1.1\r\nHost: "
                + host
                + "\r\n"
                + more
                + "Connection: close\r\n\r\n");
    return answer.substring(9, 12);
  }

  @Test
  void hostOfAnotherName_isRefused_forANameServerMayLie() throws Exception {
    start();
    for (String ours :
        List.of(
            "localhost:11500",
            "127.0.0.1",
            "[::1]:80",
            "app.localhost",
            "BOX.lan:1",
            "127.9.9.9")) {
      assertEquals("200", status(ours), ours);
    }
    for (String others :
        List.of("evil.example", "evil.example:11500", "127.0.0.1.evil.example", "localhost.evil")) {
      assertEquals("403", status(others), others);
    }
  }

  @Test
  void pagesOfOtherSites_areRefused_unlessAllowed() throws Exception {
    start();
    assertEquals("403", status("localhost", "Origin: https://evil.example"));
    assertEquals("403", status("localhost", "Origin: null"));
    assertEquals("403", status("localhost", "Origin: https://good.example.evil"));
    assertEquals("200", status("localhost:1", "Origin: http://localhost:1"));
    assertEquals("200", status("localhost", "Origin: https://good.example"));
    assertEquals("200", status("localhost", "Origin: app://anything"));
    String preflight =
        raw(
            "OPTIONS /api/chat HTTP/1.1\r\nHost: localhost\r\nOrigin: https://good.example\r\n"
                + "Access-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: authorization\r\nConnection: close\r\n\r\n");
    assertTrue(preflight.startsWith("HTTP/1.1 204"), preflight);
    assertTrue(preflight.contains("Access-Control-Allow-Origin: https://good.example"), preflight);
    assertTrue(preflight.contains("Access-Control-Allow-Headers: authorization"), preflight);
    String refused =
        raw(
            "OPTIONS /api/chat HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                + "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n");
    assertTrue(refused.startsWith("HTTP/1.1 403"), refused);
    assertFalse(refused.contains("Access-Control-Allow-Origin"), refused);
  }

  @Test
  void moreThanTheQueueHolds_is503_andTheQueuedAreAnswered() throws Exception {
    start(ServerOptions.DEFAULTS.withLimits(ServerOptions.Limits.DEFAULTS.withQueue(1, 1)));
    CountDownLatch go = new CountDownLatch(1);
    server.models.script =
        (request, sink) -> {
          go.await();
          return end(FinishReason.STOP);
        };
    CompletableFuture<Integer> first = later();
    assertTrue(eventually(() -> server.models.running.get() == 1));
    CompletableFuture<Integer> second = later();
    assertTrue(eventually(() -> server.server.active() == 2));
    Thread.sleep(100);
    Answer third = server.post("/api/chat", CHAT);
    assertEquals(503, third.status());
    assertEquals("2", third.header("retry-after"));
    assertEquals(200, server.get("/api/version").status(), "looking is no work");
    go.countDown();
    assertEquals(200, first.get());
    assertEquals(200, second.get());
  }

  private CompletableFuture<Integer> later() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return server.post("/api/chat", CHAT).status();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void requestId_isGivenBack_orMade() throws Exception {
    start();
    Answer own = server.send(server.request("/api/version").header("x-request-id", "abc-1").GET());
    assertEquals("abc-1", own.header("x-request-id"));
    assertTrue(server.get("/nowhere").header("x-request-id").startsWith("req_"));
    Answer odd = server.send(server.request("/api/version").header("x-request-id", "a b").GET());
    assertTrue(odd.header("x-request-id").startsWith("req_"));
  }

  @Test
  void requestLog_cutsANameThatIsNone() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    start(ServerOptions.DEFAULTS.withRequestLog(lines::add));
    server.post("/api/chat", CHAT.replace("fake:1b", "x".repeat(100_000)));
    assertTrue(eventually(() -> lines.size() == 1));
    assertTrue(lines.getFirst().contains("model=xxx"), lines.getFirst());
    assertTrue(lines.getFirst().length() < 500, "characters: " + lines.getFirst().length());
  }

  @Test
  void requestLog_tellsWhoAndHowMuch_butNotWhat() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    String key = key("laptop", ApiKey.Quota.NONE, Scope.CHAT);
    start(ServerOptions.DEFAULTS.withRequestLog(lines::add));
    with(key, "POST", "/api/chat?token=abc", CHAT);
    with(key, "DELETE", "/api/delete", "{\"model\": \"x\"}");
    assertTrue(eventually(() -> lines.size() == 2));
    assertTrue(lines.getLast().contains(" laptop DELETE /api/delete 403 "), lines.getLast());
    String line = lines.getFirst();
    assertTrue(line.contains(" laptop POST /api/chat 200 "), line);
    assertTrue(line.contains("model=fake:1b prompt=7 reply=5"), line);
    assertFalse(line.contains("secret words") || line.contains("abc") || line.contains(key), line);
  }
}

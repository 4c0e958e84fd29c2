package dev.nearside.serve.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.DeadlineException;
import dev.nearside.serve.ScriptedModels;
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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What replies cost that did not end well. */
class QuotaTest {
  private static final int DAY = 1_000;
  private static final int PROMPT = "<user>hi".length(); // a token is a character
  private static final String CHAT =
      "{\"model\": \"fake:1b\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";

  @TempDir Path home;

  private String key(ApiKey.Quota quota) {
    SecureRandom random = new SecureRandom();
    KeySecret secret = KeySecret.create(random);
    new KeyFile(home.resolve("keys.json"))
        .add(secret.entry("a", Set.of(Scope.CHAT), quota, random, Instant.now()));
    return secret.text();
  }

  private ServerUnderTest start() {
    KeyRing ring = new KeyRing(new KeyFile(home.resolve("keys.json")));
    return new ServerUnderTest(
        home,
        ServerOptions.DEFAULTS.withAccess(new ServerOptions.Access(ring, Set.of(), List.of())));
  }

  private static Answer post(ServerUnderTest server, String key, String path, String body)
      throws Exception {
    return server.send(
        server
            .request(path)
            .header("Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(body)));
  }

  /** What a reply costs that ends with this after so many pieces. */
  private int cost(ChatException end, int pieces, String rest) throws Exception {
    String key = key(new ApiKey.Quota(0, DAY));
    try (ServerUnderTest server = start()) {
      server.models.script =
          (request, sink) -> {
            for (int i = 0; i < pieces; i++) {
              ScriptedModels.send(sink, new ChatEvent.Text("A"));
            }
            throw end;
          };
      post(server, key, "/v1/chat/completions", CHAT + rest + "}");
      server.assertNoLease();
      Answer next = post(server, key, "/v1/chat/completions", CHAT + "}");
      return DAY - Integer.parseInt(next.header("x-ratelimit-remaining-tokens"));
    }
  }

  @Test
  void replyCutByItsDeadline_isPaid() throws Exception {
    ChatException late = new DeadlineException(Fault.of("late"));
    assertEquals(PROMPT + 10, cost(late, 10, ", \"timeout_ms\": 3000, \"stream\": true"));
  }

  @Test
  void promptCutByItsDeadline_isPaid() throws Exception {
    ChatException late = new DeadlineException(Fault.of("late"));
    assertEquals(PROMPT, cost(late, 0, ", \"timeout_ms\": 3000"));
  }

  @Test
  void replyThatCouldNotGoOn_isPaid() throws Exception {
    assertEquals(PROMPT + 10, cost(new ChatException(Fault.of("no KV block is free")), 10, ""));
  }

  @Test
  void replyThatWasRefused_costsNothing() throws Exception {
    assertEquals(0, cost(new ChatException(Fault.of("wrong")), 0, ""));
  }

  @Test
  void serversOwnFailure_costsNothing() throws Exception {
    assertEquals(0, cost(new BackendException(Fault.of("broken"), null), 10, ""));
  }

  /** As 429 with a time to wait, it would be tried again for ever. */
  @Test
  void moreRepliesThanAMinuteEverHas_are400_thatNamesTheField() throws Exception {
    String key = key(new ApiKey.Quota(5, 0));
    try (ServerUnderTest server = start()) {
      Answer chat = post(server, key, "/v1/chat/completions", CHAT + ", \"n\": 6}");
      assertEquals(400, chat.status(), chat.body());
      assertEquals("n", chat.json().at("/error/param").asString());
      assertEquals("", chat.header("retry-after"));
      assertTrue(server.models.chats.isEmpty());
      String completion = "{\"model\": \"fake:1b\", \"prompt\": ";
      Answer best =
          post(server, key, "/v1/completions", completion + "\"x\", \"n\": 2, \"best_of\": 6}");
      assertEquals("best_of", best.json().at("/error/param").asString());
      String six = "[\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]";
      Answer prompts = post(server, key, "/v1/completions", completion + six + "}");
      assertEquals("prompt", prompts.json().at("/error/param").asString());
    }
  }
}

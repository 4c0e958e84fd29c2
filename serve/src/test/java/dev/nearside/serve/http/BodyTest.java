package dev.nearside.serve.http;

import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.serve.ServerOptions;
import dev.nearside.serve.ServerUnderTest;
import dev.nearside.serve.ServerUnderTest.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies come slowly, or hold more than they weigh. */
class BodyTest {
  private static final String CHAT =
      "{\"model\": \"fake:1b\", \"stream\": false, \"messages\": [{\"role\": \"user\","
          + " \"content\": \"hi\"}]}";

  @TempDir Path home;

  private static Socket begin(ServerUnderTest server, int length) throws IOException {
    Socket socket = server.socket();
    String head =
        "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n{";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void bodyThatIsStillComing_holdsNoPlace() throws Exception {
    ServerOptions.Limits one = ServerOptions.Limits.DEFAULTS.withQueue(1, 0);
    try (ServerUnderTest server =
            new ServerUnderTest(
                home, ServerOptions.DEFAULTS.withLimits(one.withTimes(60_000, 30_000, 200)));
        Socket first = begin(server, 1000);
        Socket second = begin(server, 1000)) {
      assertTrue(eventually(() -> server.server.active() == 2));
      assertEquals(200, server.post("/api/chat", CHAT).status());
      assertTrue(first.isConnected() && second.isConnected());
    }
  }

  @Test
  void bodyThatTrickles_is408() throws Exception {
    ServerOptions.Limits quick = ServerOptions.Limits.DEFAULTS.withTimes(60_000, 500, 200);
    try (ServerUnderTest server =
            new ServerUnderTest(home, ServerOptions.DEFAULTS.withLimits(quick));
        Socket socket = begin(server, 20 << 20)) {
      byte[] some = " ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 40 && socket.getInputStream().available() == 0; i++) {
        socket.getOutputStream().write(some); // 10 KB a second: never done
        Thread.sleep(100);
      }
      String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 408", answer);
    }
  }

  @Test
  void slowness_isMeasuredAgainstWhatHasCome() {
    Bodies bodies = new Bodies(1 << 30, 1000, 1 << 30);
    long second = 1_000_000_000L;
    assertFalse(bodies.isTooSlow(1, second));
    assertTrue(bodies.isTooSlow(64 << 10, 3 * second));
    assertFalse(bodies.isTooSlow(129 << 10, 3 * second));
  }

  @Test
  void bracketsByTheMillion_areRefused_beforeTheyAreATree() throws Exception {
    try (ServerUnderTest server = new ServerUnderTest(home)) {
      String brackets = "[" + "[],".repeat(JsonReader.MAX_TOKENS / 2) + "[]]";
      Answer answer = server.post("/v1/chat/completions", brackets);
      assertEquals(413, answer.status());
      assertTrue(answer.body().contains("too many values"), answer.body());
      assertEquals(200, server.post("/api/chat", CHAT).status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\ud800", "\\uDC00b", "\\ud800\\ud800", "\\udc00\\ud800"})
  void halfACharacter_isRefused(String text) throws Exception {
    try (ServerUnderTest server = new ServerUnderTest(home)) {
      Answer answer = server.post("/api/chat", CHAT.replace("hi", text));
      assertEquals(400, answer.status());
      assertTrue(answer.body().contains("half of a character"), answer.body());
      assertEquals(200, server.post("/api/chat", CHAT.replace("hi", "\\uD83D\\ude00")).status());
    }
  }

  @Test
  void memoryOfAllBodies_isBounded() {
    Bodies bodies = new Bodies(1000, 1000, 100);
    bodies.take(0, 60);
    HttpProblem busy = assertThrows(HttpProblem.class, () -> bodies.take(0, 60));
    assertEquals(HttpProblem.Kind.BUSY, busy.kind());
    assertTrue(busy.retryAfterSeconds() > 0);
    HttpProblem never = assertThrows(HttpProblem.class, () -> bodies.take(60, 60));
    assertEquals(HttpProblem.Kind.TOO_LARGE, never.kind());
    bodies.give(60);
    bodies.take(0, 100);
    assertEquals(100, bodies.total());
  }
}

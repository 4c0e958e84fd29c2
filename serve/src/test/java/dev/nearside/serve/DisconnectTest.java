package dev.nearside.serve;

import static dev.nearside.serve.ScriptedModels.end;
import static dev.nearside.serve.ScriptedModels.send;
import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that go away cost nothing from then on. */
class DisconnectTest {
  @TempDir Path home;

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private ServerUnderTest server;

  @BeforeEach
  void start() {
    server = new ServerUnderTest(home);
  }

  private void restart(ServerOptions options) {
    server.close();
    server = new ServerUnderTest(home, options);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String chat(boolean isStream) {
    return "{\"model\": \"fake:1b\", \"stream\": "
        + isStream
        + ", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";
  }

  private static void write(Socket socket, String path, String body) throws IOException {
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
  }

  private static boolean awaitRunning(ServerUnderTest server) throws InterruptedException {
    return eventually(() -> server.models.running.get() == 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void clientThatGoesBeforeTheFirstToken_cancelsTheReply(boolean isStream) throws Exception {
    server.models.script =
        (request, sink) -> {
          Thread.sleep(60_000); // a long prompt: nothing to write, nothing to notice by writing
          return end(FinishReason.STOP);
        };
    for (String path : new String[] {"/api/chat", "/v1/chat/completions"}) {
      int before = server.models.cancelled.get();
      try (Socket socket = server.socket()) {
        write(socket, path, chat(isStream));
        assertTrue(awaitRunning(server));
      }
      long began = System.nanoTime();
      assertTrue(eventually(() -> server.models.cancelled.get() == before + 1), path);
      assertTrue(System.nanoTime() - began < 3_000_000_000L, "at once, not at a timeout");
      assertTrue(eventually(() -> server.models.leases.get() == 0));
      assertTrue(eventually(() -> server.server.active() == 0));
    }
  }

  @Test
  void clientThatGoesBetweenTwoTokens_cancelsTheReply() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    server.models.script =
        (request, sink) -> {
          send(sink, new ChatEvent.Text("A"));
          first.countDown();
          Thread.sleep(60_000);
          return end(FinishReason.STOP);
        };
    try (Socket socket = server.socket()) {
      write(socket, "/v1/chat/completions", chat(true));
      assertTrue(first.await(10, TimeUnit.SECONDS));
    }
    assertTrue(eventually(() -> server.models.cancelled.get() == 1));
    assertTrue(eventually(() -> server.models.leases.get() == 0));
  }

  @Test
  void nextRequestSentAhead_isAnsweredAfterwards() throws Exception {
    server.models.script =
        (request, sink) -> {
          Thread.sleep(300);
          send(sink, new ChatEvent.Text("A"));
          return end(FinishReason.STOP);
        };
    try (Socket socket = server.socket()) {
      write(socket, "/api/chat", chat(false));
      Thread.sleep(100);
      write(socket, "/api/chat", chat(false));
      Thread.sleep(50);
      socket
          .getOutputStream()
          .write(
              "GET /api/version HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.UTF_8));
      Thread.sleep(100);
      socket.getOutputStream().write("Connection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(4, all.split("HTTP/1.1 200", -1).length, all);
      assertTrue(all.contains("1.2.3"), all);
    }
    assertEquals(0, server.models.cancelled.get());
    assertEquals(2, server.models.chats.size());
  }

  @Test
  void connectionIsUsedAgain_afterAWatchedRequest() throws Exception {
    try (Socket socket = server.socket()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (int i = 0; i < 200; i++) {
        write(socket, "/api/chat", chat(false));
        assertEquals("HTTP/1.1 200 OK", in.readLine());
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
            length = Integer.parseInt(line.substring(15).strip());
          }
        }
        char[] body = new char[length];
        int at = 0;
        while (at < length) {
          at += in.read(body, at, length - at);
        }
      }
    }
    assertEquals(200, server.models.chats.size());
    assertEquals(0, server.models.cancelled.get());
  }

  @Test
  void longSilence_isNoIdleConnection() throws Exception {
    restart(
        ServerOptions.DEFAULTS.withLimits(
            ServerOptions.Limits.DEFAULTS.withTimes(400, 30_000, 5_000)));
    server.models.script =
        (request, sink) -> {
          Thread.sleep(1_800);
          send(sink, new ChatEvent.Text("late"));
          return end(FinishReason.STOP);
        };
    assertEquals(
        "late", server.post("/api/chat", chat(false)).json().at("/message/content").asString());
    assertEquals(
        "late",
        server.post("/api/chat", chat(true)).lines().getFirst().at("/message/content").asString());
  }

  @Test
  void readerThatDoesNotRead_isDropped_andOthersAreNotHindered() throws Exception {
    restart(
        ServerOptions.DEFAULTS.withLimits(
            ServerOptions.Limits.DEFAULTS.withTimes(700, 30_000, 5_000)));
    String piece = "x".repeat(4096);
    server.models.script =
        (request, sink) -> {
          boolean isEndless = request.messages().getFirst().content().equals("hi");
          for (int i = 0; isEndless && i < 100_000; i++) {
            send(sink, new ChatEvent.Text(piece));
          }
          send(sink, new ChatEvent.Text("done"));
          return end(FinishReason.STOP);
        };
    try (Socket socket = server.socket()) {
      write(socket, "/api/chat", chat(true));
      assertTrue(awaitRunning(server));
      assertEquals(
          "done",
          server
              .post("/api/chat", chat(false).replace("hi", "quick"))
              .json()
              .at("/message/content")
              .asString());
      assertTrue(eventually(() -> server.models.running.get() == 0), "dropped");
    }
    assertTrue(eventually(() -> server.models.leases.get() == 0));
    assertTrue(eventually(() -> server.server.active() == 0));
  }
}

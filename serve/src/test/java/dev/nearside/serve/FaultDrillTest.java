package dev.nearside.serve;

import static dev.nearside.serve.ScriptedModels.end;
import static dev.nearside.serve.ScriptedModels.send;
import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile or broken clients do. Each is answered or dropped, and the server goes on. */
class FaultDrillTest {
  private static final String OK_BODY =
      "{\"model\": \"fake:1b\", \"stream\": false, \"messages\": [{\"role\": \"user\","
          + " \"content\": \"hi\"}]}";
  private static final int MANY = 10_000;
  private static final long FILES_OF_THE_TEST = 1_000;

  private ServerUnderTest server;

  @BeforeEach
  void start(@TempDir Path home) {
    server =
        new ServerUnderTest(
            home,
            ServerOptions.DEFAULTS.withLimits(
                ServerOptions.Limits.DEFAULTS
                    .withMaxBodyBytes(1 << 20)
                    .withTimes(60_000, 1_000, 5_000)));
  }

  /** After whatever was done, a usual request is answered and nothing is held. */
  @AfterEach
  void serverGoesOn() throws Exception {
    try (ServerUnderTest still = server) {
      assertEquals(200, still.post("/api/chat", OK_BODY).status());
      assertTrue(eventually(() -> still.server.active() == 0), "a request is still active");
      still.assertNoLease();
      assertEquals(0, still.models.running.get());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String head(String path, long length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  /** Sends bytes and reads until the server closes. */
  private String exchange(byte[] sent) throws IOException {
    try (Socket socket = server.socket()) {
      socket.getOutputStream().write(sent);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "",
        "null",
        "[]",
        "{\"model\": }",
        "{\"model\": \"a\"} x",
        "{\"model\": \"a\", \"model\": \"b\"}",
        "{\"model\": 1}",
        "{\"model\": \"\\uD800\", \"x\": \"\u0001\"}"
      })
  void malformedJson_is400_inTheDialectsShape(String body) throws Exception {
    for (String path : List.of("/api/chat", "/api/generate", "/api/create", "/api/pull")) {
      ServerUnderTest.Answer answer = server.post(path, body);
      assertEquals(400, answer.status(), path + " " + body);
      assertTrue(answer.json().get("error").isString(), answer.body());
    }
    assertEquals(400, server.post("/v1/chat/completions", body).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[1]", "[{\"role\": \"king\"}]", "[{}]", "\"x\""})
  void messagesOfTheWrongKind_are400(String messages) throws Exception {
    String body = "{\"model\": \"fake:1b\", \"messages\": " + messages + "}";
    assertEquals(400, server.post("/api/chat", body).status());
    assertEquals(400, server.post("/v1/chat/completions", body).status());
  }

  @Test
  void deeplyNestedJson_is400() throws Exception {
    String deep =
        "{\"model\": \"fake:1b\", \"x\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertEquals(400, server.post("/api/chat", deep).status());
  }

  @Test
  void invalidUtf8_is400() throws Exception {
    for (String bad : List.of("\u00ff", "\u00c3(", "\u00ed\u00a0\u0080", "\u00f8\u0088\u0080")) {
      byte[] body = bytes("{\"model\": \"" + bad + "\"}");
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.write(bytes(head("/api/chat", body.length)));
      all.write(body);
      String answer = exchange(all.toByteArray());
      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
      assertTrue(answer.contains("UTF-8"), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
        "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "\u0000\u0001\u0002\u0003\r\n\r\n"
      })
  void malformedHttp_isAnsweredWith4xx_orDropped(String request) throws Exception {
    String answer = exchange(bytes(request));
    assertTrue(
        answer.isEmpty() || answer.startsWith("HTTP/1.1 4") || answer.startsWith("HTTP/1.1 505"),
        answer);
    assertTrue(!answer.contains("<html") && !answer.contains("jetty"), answer);
    assertTrue(!answer.contains("\tat "), "no stack trace");
  }

  @Test
  void noise_isAnsweredOrDropped() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 60; i++) {
      byte[] noise = new byte[random.nextInt(3_000)];
      random.nextBytes(noise);
      String answer = exchange(noise);
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 "), "a status or nothing");
    }
  }

  @Test
  void longHead_is431() throws Exception {
    String answer =
        exchange(
            bytes("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(40_000) + "\r\n\r\n"));
    assertTrue(answer.startsWith("HTTP/1.1 431"), answer);
    assertTrue(answer.contains("\"error\""), answer);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bodyOf100Megabytes_is413_withoutBeingHeld(boolean hasLength) throws Exception {
    long total = 100L << 20;
    byte[] piece = new byte[1 << 16];
    long before = used();
    try (Socket socket = server.socket()) {
      OutputStream out = socket.getOutputStream();
      String chunked =
          "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
      out.write(bytes(hasLength ? head("/api/chat", total) : chunked));
      for (long sent = 0; sent < total; sent += piece.length) {
        if (!hasLength) {
          out.write(bytes(Integer.toHexString(piece.length) + "\r\n"));
        }
        out.write(piece);
        if (!hasLength) {
          out.write(bytes("\r\n"));
        }
      }
      out.write(bytes(hasLength ? "" : "0\r\n\r\n"));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
      assertTrue(answer.contains("too long"), answer);
    }
    assertTrue(used() - before < (64L << 20), "the body is not kept");
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void halfSentRequests_holdNothing() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (String half :
          List.of(
              "POST /api/chat HTT",
              "POST /api/chat HTTP/1.1\r\nHost: loc",
              head("/api/chat", 1_000) + "{\"model\"",
              "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")) {
        Socket socket = server.socket();
        sockets.add(socket);
        socket.getOutputStream().write(bytes(half));
      }
      assertEquals(200, server.post("/api/chat", OK_BODY).status());
      // A head that does not come is not waited for; what is half a body may still come.
      for (Socket head : sockets.subList(0, 2)) {
        assertEquals(-1, head.getInputStream().read(), "dropped");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void headSentByteByByte_isDropped() throws Exception {
    try (Socket socket = server.socket()) {
      OutputStream out = socket.getOutputStream();
      long began = System.nanoTime();
      boolean isDropped = false;
      out.write(bytes("GET / HTTP/1.1\r\nHost: localhost\r\nX: "));
      while (!isDropped && System.nanoTime() - began < 15_000_000_000L) {
        try {
          out.write('a');
          Thread.sleep(50);
        } catch (IOException e) {
          isDropped = true;
        }
      }
      assertTrue(isDropped, "a connection is held by one byte now and then");
    }
  }

  @Test
  void idleConnections_inThousands_doNotHinderARequest() throws Exception {
    int count = (int) Math.min(MANY, (maxFiles() - FILES_OF_THE_TEST) / 2);
    assertTrue(count >= 100, "too few files are allowed to try anything: " + maxFiles());
    if (count < MANY) {
      System.out.println("idle connections: " + count + ", for the limit of files allows no more");
    }
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(server.socket());
      }
      assertTrue(eventually(() -> metric("http_server_open_connections") >= count), "all are open");
      assertEquals(200, server.post("/api/chat", OK_BODY).status());
      try (Socket last = sockets.getLast()) {
        last.getOutputStream()
            .write(
                bytes("GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        String answer =
            new String(last.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    assertTrue(eventually(() -> metric("http_server_open_connections") < 20), "all are closed");
  }

  private static long maxFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : MANY;
  }

  private double metric(String name) {
    try {
      return server
          .get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElse(-1);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void manyClientsThatLeaveAtRandom_leaveNothingBehind() throws Exception {
    server.models.script =
        (request, sink) -> {
          for (int i = 0; i < 20; i++) {
            Thread.sleep(5);
            send(sink, new ChatEvent.Text("word "));
          }
          return end(FinishReason.STOP);
        };
    Random random = new Random(3);
    String body = OK_BODY.replace("\"stream\": false", "\"stream\": true");
    for (int round = 0; round < 5; round++) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Socket socket = server.socket();
        sockets.add(socket);
        socket.getOutputStream().write(bytes(head("/api/chat", body.length()) + body));
      }
      Thread.sleep(random.nextInt(100));
      for (Socket socket : sockets) {
        if (random.nextBoolean()) {
          socket.setSoLinger(true, 0); // a reset instead of a farewell
        }
        socket.close();
      }
    }
    assertTrue(eventually(() -> server.models.running.get() == 0));
  }
}

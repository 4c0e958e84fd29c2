package dev.nearside.serve;

import static dev.nearside.serve.ServerUnderTest.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.FinishReason;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of a request starts again at the same port. */
class KillTest {
  /** The server that is killed: its replies never end. Prints its port. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
      ServerUnderTest server =
          new ServerUnderTest(Path.of(args[0]), ServerOptions.DEFAULTS, Integer.parseInt(args[1]));
      server.models.script =
          (request, sink) -> {
            if (request.messages().getFirst().content().equals("for ever")) {
              Thread.sleep(60_000);
            }
            return ScriptedModels.end(FinishReason.STOP);
          };
      System.out.println("port " + server.server.uri().getPort());
      Thread.sleep(120_000);
    }
  }

  private static Process start(Path home, int port) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("surefire.test.class.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path");
    return new ProcessBuilder(
            List.of(java, "-cp", classes, Main.class.getName(), home.toString(), "" + port))
        .redirectErrorStream(true)
        .start();
  }

  private static int port(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("port ")) {
        return Integer.parseInt(line.substring(5));
      }
      all.append(line).append('\n');
    }
    throw new IOException("the server did not start: " + all);
  }

  private static String chat(String content) {
    return "{\"model\": \"fake:1b\", \"stream\": false, \"messages\": [{\"role\": \"user\","
        + " \"content\": \""
        + content
        + "\"}]}";
  }

  private static int ask(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/chat"))
                  .POST(HttpRequest.BodyPublishers.ofString(chat("hi")))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }

  @Test
  void serverKilledInARequest_startsAgainAtItsPort(@TempDir Path home) throws Exception {
    Process first = start(home, 0);
    int port = 0;
    try {
      port = port(first);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        String body = chat("for ever");
        socket
            .getOutputStream()
            .write(
                ("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                    .getBytes(StandardCharsets.UTF_8));
        assertEquals(200, ask(port));
        first.destroyForcibly();
        assertTrue(first.waitFor(20, TimeUnit.SECONDS));
        assertEquals(-1, end(socket), "the client is told at once");
      }
    } finally {
      first.destroyForcibly();
    }
    Process second = start(home, port);
    try {
      assertEquals(port, port(second));
      assertEquals(200, ask(port));
    } finally {
      second.destroyForcibly();
      assertTrue(eventually(() -> !Objects.requireNonNull(second).isAlive()));
    }
  }

  private static int end(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketException e) {
      return -1; // a reset is an end too
    }
  }
}

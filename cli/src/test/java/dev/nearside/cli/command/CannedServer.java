package dev.nearside.cli.command;

import dev.nearside.cli.remote.RemoteServer;
import dev.nearside.cli.remote.ServerFile;
import dev.nearside.serve.ServerProof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server of a home, which answers everything with the same stream and remembers what it was.
 */
final class CannedServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CannedServer.class.getName());
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final Pattern CHALLENGE =
      Pattern.compile("(?i)" + ServerProof.CHALLENGE + ": (\\w+)");
  private static final String TOKEN = "token";

  /** Path and body of each request but those for its health. */
  record Asked(String path, String body) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final String reply;
  private final ServerSocket socket;

  /**
   * @param reply the lines of the stream
   */
  CannedServer(Path home, String reply) throws IOException {
    this.reply = reply;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    new ServerFile(uri, ProcessHandle.current().pid(), TOKEN).write(home);
    Thread.ofVirtual().start(this::serve);
    awaitFound(home);
  }

  // The first use of Java's HTTP client on a busy machine may take longer than a command waits for
  // a sign of life.
  private static void awaitFound(Path home) throws IOException {
    try {
      for (int i = 0; i < 10; i++) {
        Optional<RemoteServer> found = RemoteServer.find(home);
        if (found.isPresent()) {
          found.get().close();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("the server is not found");
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        answer(client);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "a client that went, or the end", e);
      }
    }
  }

  private void answer(Socket client) throws IOException {
    String head = head(client.getInputStream());
    Matcher length = LENGTH.matcher(head);
    int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
    String body = new String(client.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    String path = head.split(" ", 3)[1];
    if (!path.equals("/health")) {
      asked.add(new Asked(path, body));
    }
    byte[] answer = reply.getBytes(StandardCharsets.UTF_8);
    client
        .getOutputStream()
        .write(
            ("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                    + proof(head)
                    + "Content-Length: "
                    + answer.length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().write(answer);
  }

  // Commands talk only to the server that knows the token of its file.
  private static String proof(String head) {
    Matcher challenge = CHALLENGE.matcher(head);
    return challenge.find()
        ? ServerProof.PROOF + ": " + ServerProof.of(TOKEN, challenge.group(1), null) + "\r\n"
        : "";
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!out.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      out.write(next);
    }
    return out.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

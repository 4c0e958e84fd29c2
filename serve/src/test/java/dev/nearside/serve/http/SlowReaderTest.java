package dev.nearside.serve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.FinishReason;
import dev.nearside.serve.fake.FakeBackend;
import dev.nearside.serve.fake.FakeServer;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A reader that does not read costs its own stream, and nobody else's. */
class SlowReaderTest {
  private static final int PIECES = 4_000;
  private static final String BODY =
      "{\"model\":\"fake:1b\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  @Test
  void readerThatDoesNotRead_stopsItsOwnReplyAlone() throws Exception {
    AtomicInteger slow = new AtomicInteger();
    AtomicInteger calls = new AtomicInteger();
    String piece = "x".repeat(4_000);
    try (FakeServer server = new FakeServer()) {
      server.backend.script =
          sink -> {
            boolean isFirst = calls.getAndIncrement() == 0;
            for (int i = 0; i < (isFirst ? PIECES : 3); i++) {
              sink.accept(new ChatEvent.Text(piece));
              slow.addAndGet(isFirst ? 1 : 0);
            }
            return FakeBackend.end(FinishReason.STOP);
          };
      URI uri = server.server.uri();
      try (Socket socket = new Socket()) {
        socket.setReceiveBufferSize(4_096);
        socket.connect(new java.net.InetSocketAddress(uri.getHost(), uri.getPort()));
        String head =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + BODY.length()
                + "\r\n\r\n";
        socket.getOutputStream().write((head + BODY).getBytes(StandardCharsets.UTF_8));
        assertTrue(FakeServer.eventually(() -> slow.get() > 0));
        int before;
        do { // until the buffers between are full
          before = slow.get();
          Thread.sleep(300);
        } while (slow.get() > before);
        assertTrue(before < PIECES, "the reply waits for its reader: " + before);
        for (int i = 0; i < 5; i++) {
          FakeServer.Answer other = server.post("/v1/chat/completions", BODY);
          assertEquals(200, other.status());
          assertEquals("[DONE]", other.events().getLast().data());
        }
        assertEquals(before, slow.get(), "it still waits");
      }
      // The client has gone: its reply ends.
      assertTrue(FakeServer.eventually(() -> server.backend.ends.contains(FinishReason.CANCELLED)));
      assertTrue(FakeServer.eventually(() -> server.models.leases.get() == 0));
    }
  }
}

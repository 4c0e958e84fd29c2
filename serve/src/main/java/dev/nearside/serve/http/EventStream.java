package dev.nearside.serve.http;

import dev.nearside.chat.SinkClosedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Server-sent events (HTML Living Standard, section 9.2). A write waits while the reader is slow:
 * that is the back-pressure. Any thread may write; events never mix.
 */
public final class EventStream implements AutoCloseable {
  private final OutputStream out;
  private volatile long lastNanos = System.nanoTime();

  EventStream(OutputStream out) {
    this.out = out;
  }

  /** When something was last sent, as {@link System#nanoTime} counts. */
  long lastNanos() {
    return lastNanos;
  }

  /** Sends a comment, which readers skip: it tells all on the way that the stream lives. */
  void comment(String text) throws SinkClosedException {
    write(": " + text + "\n\n");
  }

  /** Sends {@code data: JSON}. */
  public void send(JsonNode data) throws SinkClosedException {
    send(null, JsonReader.MAPPER.writeValueAsString(data));
  }

  /** Sends an event with a name. */
  public void send(String event, JsonNode data) throws SinkClosedException {
    send(event, JsonReader.MAPPER.writeValueAsString(data));
  }

  /** Sends one line of text as it is. */
  public void sendText(String data) throws SinkClosedException {
    send(null, data);
  }

  private void send(@Nullable String event, String data) throws SinkClosedException {
    write((event == null ? "" : "event: " + event + "\n") + "data: " + data + "\n\n");
  }

  private synchronized void write(String text) throws SinkClosedException {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      lastNanos = System.nanoTime();
    } catch (IOException e) {
      throw new SinkClosedException("the client has gone: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}

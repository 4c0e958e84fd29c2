package dev.nearside.serve.http;

import dev.nearside.chat.SinkClosedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** JSON objects, one a line. A write waits while the reader is slow. */
public final class LineStream implements AutoCloseable {
  private final OutputStream out;

  LineStream(OutputStream out) {
    this.out = out;
  }

  /** Sends one object. */
  public synchronized void send(JsonNode object) throws SinkClosedException {
    try {
      out.write(
          (JsonReader.MAPPER.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new SinkClosedException("the client has gone: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}

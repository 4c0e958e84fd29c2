package dev.nearside.serve.ollama;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a long work tells what it does: a line for each status, or where the client wants no stream,
 * one object at the end.
 */
final class StatusLines implements AutoCloseable {
  /** The work; what it throws before its first status is answered with an HTTP status. */
  interface Work {
    void run(StatusLines lines) throws Exception;
  }

  private final LazyLines lines;
  private final boolean isStream;

  private StatusLines(Exchange exchange, boolean isStream) {
    this.lines = new LazyLines(exchange);
    this.isStream = isStream;
  }

  static void run(Exchange exchange, boolean isStream, Work work) throws Exception {
    try (StatusLines out = new StatusLines(exchange, isStream)) {
      try {
        work.run(out);
        out.send("success");
      } catch (Exception e) {
        out.lines.fail(e);
        return;
      }
    }
    if (!isStream) {
      exchange.json(200, Json.object().put("status", "success"));
    }
  }

  void send(String status) throws SinkClosedException {
    send(Json.object().put("status", status));
  }

  void send(ObjectNode status) throws SinkClosedException {
    if (isStream) {
      lines.send(status);
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}

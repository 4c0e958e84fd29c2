package dev.nearside.serve.ollama;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.LineStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stream of lines that begins with the first of them: until then an error can still be a status.
 */
final class LazyLines implements AutoCloseable {
  private final Exchange exchange;
  private @Nullable LineStream lines;

  LazyLines(Exchange exchange) {
    this.exchange = exchange;
  }

  synchronized void send(JsonNode object) throws SinkClosedException {
    if (lines == null) {
      lines = exchange.lines();
    }
    lines.send(object);
  }

  /** Ends with an error: as the response if the stream has not begun, else as its last line. */
  synchronized void fail(Exception e) throws Exception {
    send(new OllamaErrors().error(exchange.lateProblem(e, lines != null)));
  }

  @Override
  public synchronized void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }
}

package dev.nearside.serve.responses;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.LazyStream;
import tools.jackson.databind.node.ObjectNode;

/** A response as numbered events. It begins with the model's first word, or with the first ping. */
final class ResponseStream implements ResponseWriter.Listener, AutoCloseable {
  private final LazyStream stream;
  private final ResponseBody body;
  private int next;

  ResponseStream(Exchange exchange, ResponseBody body) {
    this.body = body;
    this.stream = new LazyStream(exchange, this::ping);
  }

  @Override
  public void on(String type, ObjectNode event) throws SinkClosedException {
    synchronized (stream) {
      begin(stream);
      send(stream, type, event);
    }
  }

  // With the stream's monitor.
  private void ping(LazyStream to) throws SinkClosedException {
    begin(to);
    to.comment();
  }

  private void begin(LazyStream to) throws SinkClosedException {
    if (next == 0) {
      send(to, "response.created", holding("response.created", body.begun()));
      send(to, "response.in_progress", holding("response.in_progress", body.begun()));
    }
  }

  /** The last event, which holds the whole response. */
  void finish(ObjectNode response) throws Exception {
    boolean isWhole = response.path("status").asString("").equals("completed");
    close();
    String type = isWhole ? "response.completed" : "response.incomplete";
    on(type, holding(type, response));
    stream.events().close();
  }

  /** Ends with an error: as the response if nothing has been sent, else as the last event. */
  void fail(Exception e, ResponseWriter writer) throws Exception {
    stream.fail(
        e,
        problem -> {
          ObjectNode event = holding("response.failed", body.failed(writer.output(), problem));
          return event.put("sequence_number", next++);
        },
        "response.failed");
  }

  @Override
  public void close() {
    stream.close();
  }

  private static ObjectNode holding(String type, ObjectNode response) {
    ObjectNode out = Json.object().put("type", type);
    out.set("response", response);
    return out;
  }

  private void send(LazyStream to, String type, ObjectNode event) throws SinkClosedException {
    event.put("sequence_number", next++);
    to.events().send(type, event);
  }
}

package dev.nearside.serve.responses;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.LazyStream;
import tools.jackson.databind.node.ObjectNode;

/** A response as numbered events. It begins with the model's first word. */
final class ResponseStream implements ResponseWriter.Listener {
  private final LazyStream stream;
  private final ResponseBody body;
  private int next;

  ResponseStream(Exchange exchange, ResponseBody body) {
    this.stream = new LazyStream(exchange);
    this.body = body;
  }

  @Override
  public void on(String type, ObjectNode event) throws SinkClosedException {
    if (next == 0) {
      send("response.created", holding("response.created", body.begun()));
      send("response.in_progress", holding("response.in_progress", body.begun()));
    }
    send(type, event);
  }

  /** The last event, which holds the whole response. */
  void finish(ObjectNode response) throws Exception {
    boolean isWhole = response.path("status").asString("").equals("completed");
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

  private static ObjectNode holding(String type, ObjectNode response) {
    ObjectNode out = Json.object().put("type", type);
    out.set("response", response);
    return out;
  }

  private void send(String type, ObjectNode event) throws SinkClosedException {
    event.put("sequence_number", next++);
    stream.events().send(type, event);
  }
}

package dev.nearside.serve.responses;

import dev.nearside.chat.Finished;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.guard.Caller;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.openai.OpenAiErrors;
import dev.nearside.serve.reply.Ids;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/responses}. */
public record Responses(Services services, ResponseStore store) implements Endpoint {
  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/responses";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public String promptField() {
    return "input";
  }

  @Override
  public Doc doc() {
    return Doc.of("Answers a conversation of items.", ResponseFields.SHAPE).orEvents();
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    ResponseShelf shelf = store.shelf(Caller.currentId());
    ResponseFields asked = ResponseFields.read(exchange.fields(), shelf);
    ResponseBody body = new ResponseBody(Ids.next("resp_"), asked, services.clock());
    try (ModelLease lease = services.models().acquire(asked.model(), asked.keepAlive())) {
      asked.media().check(lease.facts());
      if (asked.isStream()) {
        stream(exchange, asked, body, lease, shelf);
      } else {
        ResponseWriter writer = new ResponseWriter((type, event) -> {});
        Finished end = lease.chats().chat(asked.request(), writer);
        writer.finish(end);
        exchange.json(200, keep(asked, body, writer, end, lease, shelf));
      }
    }
  }

  private static void stream(
      Exchange exchange,
      ResponseFields asked,
      ResponseBody body,
      ModelLease lease,
      ResponseShelf shelf)
      throws Exception {
    try (ResponseStream stream = new ResponseStream(exchange, body)) {
      ResponseWriter writer = new ResponseWriter(stream);
      try {
        Finished end = lease.chats().chat(asked.request(), writer);
        writer.finish(end);
        stream.finish(keep(asked, body, writer, end, lease, shelf));
      } catch (Exception e) {
        stream.fail(e, writer);
      }
    }
  }

  private static ObjectNode keep(
      ResponseFields asked,
      ResponseBody body,
      ResponseWriter writer,
      Finished end,
      ModelLease lease,
      ResponseShelf shelf) {
    int thoughts = lease.tokens().tokenize(writer.thoughts(), false, false).length;
    ObjectNode response = body.finished(writer.output(), end, thoughts);
    if (asked.isKept()) {
      shelf.put(response, asked.items(), writer.output());
    }
    return response;
  }
}

package dev.nearside.serve.anthropic;

import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;

/** {@code POST /v1/messages/count_tokens}. */
public record CountMessageTokens(Services services) implements Endpoint {
  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/messages/count_tokens";
  }

  @Override
  public Dialect dialect() {
    return new AnthropicErrors();
  }

  @Override
  public Doc doc() {
    return Doc.of("Counts the tokens of a chat.", MessagesFields.COUNT_SHAPE);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    MessagesFields asked = MessagesFields.readToCount(exchange.fields());
    try (ModelLease lease = services.models().acquire(asked.model(), null)) {
      asked.media().check(lease.facts());
      AnthropicErrors.name(exchange);
      int count = lease.tokens().count(asked.request());
      exchange.json(200, Json.object().put("input_tokens", count));
    }
  }
}

package dev.nearside.serve.llamacpp;

import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.fields.TokenIds;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;

/** {@code POST /detokenize}. */
public record Detokenize(Services services) implements LlamaEndpoint {
  private static final Shape SHAPE =
      Shape.EMPTY.with(FieldType.TEXT, "model").with(FieldType.LIST, "tokens").needs("tokens");

  @Override
  public String path() {
    return "/detokenize";
  }

  @Override
  public Doc doc() {
    return Doc.of("Turns tokens into text.", SHAPE);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    int[] ids = TokenIds.read(f.need("tokens"));
    if (ids == null) {
      throw f.wrong("tokens", "must be an array of token ids");
    }
    try (ModelLease lease = model(f)) {
      exchange.json(200, Json.object().put("content", lease.tokens().detokenize(ids)));
    }
  }
}

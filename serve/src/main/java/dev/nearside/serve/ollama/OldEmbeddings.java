package dev.nearside.serve.ollama;

import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.reply.KeepAlive;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /api/embeddings}: the vector of one text as the model makes it, for old clients. */
public record OldEmbeddings(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/embeddings";
  }

  @Override
  public Scope scope() {
    return Scope.EMBEDDINGS;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    String prompt = f.text("prompt").orElse("");
    ObjectNode body = Json.object();
    ArrayNode vector = body.putArray("embedding");
    try (ModelLease lease = services.models().acquire(ModelField.read(f), KeepAlive.read(f))) {
      if (!prompt.isEmpty()) { // without a text the model is only loaded
        EmbeddingRequest request =
            new EmbeddingRequest(List.of(new EmbeddingInput.Text(prompt)), "", false, 0, true);
        vector.addAll(Embed.numbers(lease.embeddings().embed(request).vectors().getFirst()));
      }
    }
    exchange.json(200, body);
  }
}

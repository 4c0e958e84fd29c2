package dev.nearside.serve.ollama;

import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.Embeddings;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.fields.EmbeddingInputs;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.reply.KeepAlive;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /api/embed}: vectors of one text or several, of length 1. */
public record Embed(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/embed";
  }

  @Override
  public Scope scope() {
    return Scope.EMBEDDINGS;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    long began = System.nanoTime();
    Fields f = exchange.fields();
    String model = ModelField.read(f);
    List<EmbeddingInput> inputs = EmbeddingInputs.texts(f, "input");
    EmbeddingRequest request =
        new EmbeddingRequest(
            inputs,
            "",
            true,
            f.whole("dimensions", 0, Integer.MAX_VALUE).orElse(0),
            f.flag("truncate", true));
    try (ModelLease lease = services.models().acquire(model, KeepAlive.read(f))) {
      long load = System.nanoTime() - began;
      ObjectNode body = Json.object().put("model", model);
      ArrayNode vectors = body.putArray("embeddings");
      int tokens = 0;
      if (!inputs.isEmpty()) { // without a text the model is only loaded
        Embeddings result = lease.embeddings().embed(request);
        result.vectors().forEach(vector -> vectors.add(numbers(vector)));
        tokens = result.usage().promptTokens();
      }
      body.put("total_duration", System.nanoTime() - began)
          .put("load_duration", load)
          .put("prompt_eval_count", tokens);
      exchange.json(200, body);
    }
  }

  static ArrayNode numbers(float[] vector) {
    ArrayNode out = Json.array();
    for (float value : vector) {
      out.add(value);
    }
    return out;
  }
}

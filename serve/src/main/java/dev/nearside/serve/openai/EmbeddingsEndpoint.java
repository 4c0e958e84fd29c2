package dev.nearside.serve.openai;

import dev.nearside.chat.Embeddings;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/embeddings}. */
public record EmbeddingsEndpoint(Services services) implements Endpoint {
  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/embeddings";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public Scope scope() {
    return Scope.EMBEDDINGS;
  }

  @Override
  public String promptField() {
    return "input";
  }

  @Override
  public Doc doc() {
    return Doc.of("Turns texts into vectors.", EmbeddingFields.SHAPE);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    EmbeddingFields asked = EmbeddingFields.read(exchange.fields());
    try (ModelLease lease = services.models().acquire(asked.model(), asked.keepAlive())) {
      Embeddings result = lease.embeddings().embed(asked.request());
      ObjectNode body = Json.object().put("object", "list");
      ArrayNode data = body.putArray("data");
      List<float[]> vectors = result.vectors();
      for (int i = 0; i < vectors.size(); i++) {
        ObjectNode one = data.addObject().put("object", "embedding").put("index", i);
        one.set("embedding", asked.isBase64() ? base64(vectors.get(i)) : floats(vectors.get(i)));
      }
      body.put("model", asked.model());
      int tokens = result.usage().promptTokens();
      body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
      exchange.json(200, body);
    }
  }

  private static JsonNode floats(float[] vector) {
    ArrayNode out = Json.array();
    for (float value : vector) {
      out.add(value);
    }
    return out;
  }

  private static JsonNode base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Json.tree(Base64.getEncoder().encodeToString(bytes.array()));
  }
}

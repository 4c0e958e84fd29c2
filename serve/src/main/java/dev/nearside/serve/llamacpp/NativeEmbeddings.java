package dev.nearside.serve.llamacpp;

import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.fields.EmbeddingInputs;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.keys.Scope;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /embeddings}: a bare list, where each vector is the only one of a list: with models
 * that do not pool there would be one of each token.
 *
 * @param path {@code /embeddings}, or its older name
 */
public record NativeEmbeddings(Services services, String path) implements LlamaEndpoint {
  private static final Shape SHAPE =
      Shape.EMPTY
          .with(FieldType.TEXT, "model")
          .with(FieldType.ANY, "input", "content")
          .with(FieldType.WHOLE, "embd_normalize");

  private static final int EUCLIDEAN = 2;

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
    return Doc.of("Turns texts into vectors, in llama.cpp's shape.", SHAPE);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    String key = f.has("content") && !f.has("input") ? "content" : "input";
    int norm = f.whole("embd_normalize", -1, Integer.MAX_VALUE).orElse(EUCLIDEAN);
    if (norm != EUCLIDEAN && norm != -1) {
      throw f.wrong("embd_normalize", "must be -1 (none) or 2 (Euclidean)");
    }
    EmbeddingRequest request =
        new EmbeddingRequest(EmbeddingInputs.read(f, key), "", norm == EUCLIDEAN, 0, false);
    try (ModelLease lease = model(f)) {
      List<float[]> vectors = lease.embeddings().embed(request).vectors();
      ArrayNode body = Json.array();
      for (int i = 0; i < vectors.size(); i++) {
        ObjectNode one = body.addObject().put("index", i);
        ArrayNode numbers = one.putArray("embedding").addArray();
        for (float value : vectors.get(i)) {
          numbers.add(value);
        }
      }
      exchange.json(200, body);
    }
  }
}

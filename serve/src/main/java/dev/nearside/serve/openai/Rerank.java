package dev.nearside.serve.openai;

import dev.nearside.chat.ModelLease;
import dev.nearside.chat.Ranking;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.reply.Ids;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/rerank}: documents by how well they answer a query, the best first.
 *
 * @param path one of several that clients know
 */
public record Rerank(Services services, String path) implements Endpoint {
  @Override
  public String method() {
    return "POST";
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
    return "documents";
  }

  @Override
  public Doc doc() {
    return Doc.of("Orders documents by how well they answer a query.", RerankFields.SHAPE);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    RerankFields asked = RerankFields.read(exchange.fields());
    String model = asked.model().orElseGet(services::defaultModel);
    try (ModelLease lease = services.models().acquire(model, asked.keepAlive())) {
      Ranking ranking = lease.reranks().rerank(asked.request());
      float[] scores = ranking.scores();
      List<Integer> best =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
              .limit(asked.count())
              .toList();
      exchange.json(
          200, asked.isBare() ? bare(asked, best, scores) : full(asked, best, ranking, model));
    }
  }

  private static JsonNode bare(RerankFields asked, List<Integer> best, float[] scores) {
    ArrayNode out = Json.array();
    for (int i : best) {
      ObjectNode one = out.addObject().put("index", i).put("score", scores[i]);
      if (asked.hasTexts()) {
        one.put("text", asked.request().documents().get(i));
      }
    }
    return out;
  }

  private static JsonNode full(
      RerankFields asked, List<Integer> best, Ranking ranking, String model) {
    ObjectNode out = Json.object().put("id", Ids.next("rerank-")).put("object", "list");
    out.put("model", model);
    ArrayNode results = out.putArray("results");
    for (int i : best) {
      ObjectNode one =
          results.addObject().put("index", i).put("relevance_score", ranking.scores()[i]);
      if (asked.hasTexts()) {
        one.putObject("document").put("text", asked.request().documents().get(i));
      }
    }
    int tokens = ranking.usage().promptTokens();
    out.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return out;
  }
}

package dev.nearside.serve.openai;

import dev.nearside.hub.LocalModel;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /v1/models}: the models that are here.
 *
 * @param path one of two that clients know
 */
public record ListModels(Services services, String path) implements Endpoint {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 1000;

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public Dialect dialect() {
    return new ModelsDialect();
  }

  @Override
  public Doc doc() {
    return Doc.of("The models that are here; in Anthropic's shape for Anthropic's clients.")
        .withQuery("limit", "after_id", "before_id");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    List<LocalModel> models = services.hub().list();
    if (ModelsDialect.isAnthropic(exchange)) {
      exchange.json(200, page(exchange, models));
      return;
    }
    ObjectNode body = Json.object().put("object", "list");
    ArrayNode data = body.putArray("data");
    models.forEach(model -> data.add(ModelObjects.openAi(model)));
    exchange.json(200, body);
  }

  private static ObjectNode page(Exchange exchange, List<LocalModel> models) {
    String after = exchange.query("after_id");
    String before = exchange.query("before_id");
    int from = after == null ? 0 : index(models, "after_id", after) + 1;
    int to = before == null ? models.size() : index(models, "before_id", before);
    int limit = limit(exchange.query("limit"));
    boolean isLast = before != null && after == null;
    int start = isLast ? Math.max(from, to - limit) : from;
    int end = isLast ? to : Math.min(to, from + limit);
    List<LocalModel> page = models.subList(Math.min(start, end), end);
    ObjectNode body = Json.object();
    ArrayNode data = body.putArray("data");
    page.forEach(model -> data.add(ModelObjects.anthropic(model)));
    body.put("has_more", isLast ? start > from : end < to);
    body.put("first_id", page.isEmpty() ? null : page.getFirst().name());
    return body.put("last_id", page.isEmpty() ? null : page.getLast().name());
  }

  private static int index(List<LocalModel> models, String param, String id) {
    for (int i = 0; i < models.size(); i++) {
      if (models.get(i).name().equals(id)) {
        return i;
      }
    }
    throw HttpProblem.invalid(param, "'" + param + "' names no model: " + id);
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    int limit = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw HttpProblem.invalid("limit", "'limit' must be from 1 to " + MAX_LIMIT);
    }
    return limit;
  }
}

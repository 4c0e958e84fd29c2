package dev.nearside.serve.responses;

import dev.nearside.base.Fault;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.guard.Caller;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.openai.OpenAiErrors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be done with answers that are kept, and the counting of tokens without an answer. */
public final class KeptResponses {
  private KeptResponses() {}

  /** All of it. */
  public static List<Endpoint> endpoints(Services services, ResponseStore store) {
    return List.of(
        new CountTokens(services, store), new Get(store), new Delete(store), new Items(store));
  }

  // Each key has answers of its own.
  private static ResponseShelf mine(ResponseStore store) {
    return store.shelf(Caller.currentId());
  }

  private static HttpProblem notFound(String id) {
    return HttpProblem.of(
        HttpProblem.Kind.NOT_FOUND,
        Fault.of("the response is not kept here")
            .got(id)
            .hint("It was deleted, was never kept, or newer ones took its place."));
  }

  /** {@code GET /v1/responses/{id}}. */
  private record Get(ResponseStore store) implements Endpoint {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/v1/responses/{response_id}";
    }

    @Override
    public Dialect dialect() {
      return new OpenAiErrors();
    }

    @Override
    public Scope scope() {
      return Scope.CHAT;
    }

    @Override
    public boolean isWork() {
      return false;
    }

    @Override
    public Doc doc() {
      return Doc.of("An answer that is kept.").withQuery("include", "stream");
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
      if ("true".equals(exchange.query("stream"))) {
        throw HttpProblem.invalid("stream", "'stream' must be false: the answer is whole already");
      }
      String id = exchange.pathParam("response_id");
      byte[] response = mine(store).response(id).orElseThrow(() -> notFound(id));
      exchange.bytes(200, "application/json; charset=utf-8", response);
    }
  }

  /** {@code DELETE /v1/responses/{id}}. */
  private record Delete(ResponseStore store) implements Endpoint {
    @Override
    public String method() {
      return "DELETE";
    }

    @Override
    public String path() {
      return "/v1/responses/{response_id}";
    }

    @Override
    public Dialect dialect() {
      return new OpenAiErrors();
    }

    @Override
    public Scope scope() {
      return Scope.CHAT;
    }

    @Override
    public boolean isWork() {
      return false;
    }

    @Override
    public Doc doc() {
      return Doc.of("Forgets an answer.");
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
      String id = exchange.pathParam("response_id");
      if (!mine(store).remove(id)) {
        throw notFound(id);
      }
      exchange.json(
          200, Json.object().put("id", id).put("object", "response").put("deleted", true));
    }
  }

  /** {@code GET /v1/responses/{id}/input_items}: the latest first, unless asked otherwise. */
  private record Items(ResponseStore store) implements Endpoint {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/v1/responses/{response_id}/input_items";
    }

    @Override
    public Dialect dialect() {
      return new OpenAiErrors();
    }

    @Override
    public Scope scope() {
      return Scope.CHAT;
    }

    @Override
    public boolean isWork() {
      return false;
    }

    @Override
    public Doc doc() {
      return Doc.of("What an answer answers.").withQuery("limit", "order", "after", "include");
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
      String id = exchange.pathParam("response_id");
      List<JsonNode> items = new ArrayList<>(mine(store).input(id).orElseThrow(() -> notFound(id)));
      String order = exchange.query("order") == null ? "desc" : exchange.query("order");
      if (!Set.of("asc", "desc").contains(order)) {
        throw HttpProblem.invalid("order", "'order' must be asc or desc");
      }
      if (order.equals("desc")) {
        Collections.reverse(items);
      }
      List<JsonNode> left = after(items, exchange.query("after"));
      List<JsonNode> page = left.subList(0, Math.min(limit(exchange.query("limit")), left.size()));
      ObjectNode body = Json.object().put("object", "list");
      ArrayNode data = body.putArray("data");
      page.forEach(data::add);
      body.put("first_id", page.isEmpty() ? "" : page.getFirst().path("id").asString(""));
      body.put("last_id", page.isEmpty() ? "" : page.getLast().path("id").asString(""));
      body.put("has_more", left.size() > page.size());
      exchange.json(200, body);
    }

    private static List<JsonNode> after(List<JsonNode> items, @Nullable String id) {
      if (id == null) {
        return items;
      }
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i).path("id").asString("").equals(id)) {
          return items.subList(i + 1, items.size());
        }
      }
      throw HttpProblem.invalid("after", "'after' names an item that is not in the list: " + id);
    }

    private static int limit(@Nullable String text) {
      if (text == null) {
        return DEFAULT_LIMIT;
      }
      if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 100) {
        throw HttpProblem.invalid("limit", "'limit' must be from 1 to " + MAX_LIMIT);
      }
      return Integer.parseInt(text);
    }
  }

  /** {@code POST /v1/responses/input_tokens}. */
  private record CountTokens(Services services, ResponseStore store) implements Endpoint {
    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String path() {
      return "/v1/responses/input_tokens";
    }

    @Override
    public Dialect dialect() {
      return new OpenAiErrors();
    }

    @Override
    public Doc doc() {
      return Doc.of("Counts the tokens of a conversation.", ResponseFields.COUNT_SHAPE);
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
      ResponseFields asked = ResponseFields.readToCount(exchange.fields(), mine(store));
      try (ModelLease lease = services.models().acquire(asked.model(), null)) {
        asked.media().check(lease.facts());
        int count = lease.tokens().count(asked.request());
        exchange.json(
            200, Json.object().put("object", "response.input_tokens").put("input_tokens", count));
      }
    }
  }
}

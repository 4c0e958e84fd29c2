package dev.nearside.serve.anthropic;

import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.Ids;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Errors as Anthropic writes them. */
public final class AnthropicErrors implements Dialect {
  /** The header that names a request. */
  static final String REQUEST_ID = "request-id";

  @Override
  public JsonNode error(HttpProblem problem) {
    ObjectNode body = Json.object().put("type", "error");
    body.putObject("error").put("type", type(problem.kind())).put("message", problem.getMessage());
    return body;
  }

  @Override
  public JsonNode error(HttpProblem problem, Exchange exchange) {
    ObjectNode body = (ObjectNode) error(problem);
    return body.put("request_id", name(exchange));
  }

  /** Gives the request a name, and tells it in the header. */
  static String name(Exchange exchange) {
    String id = Ids.next("req_");
    exchange.setHeader(REQUEST_ID, id);
    return id;
  }

  private static String type(HttpProblem.Kind kind) {
    return switch (kind) {
      case INVALID_REQUEST, CONTEXT_OVERFLOW, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA ->
          "invalid_request_error";
      case UNAUTHORIZED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
      case TIMEOUT -> "timeout_error";
      case TOO_LARGE -> "request_too_large";
      case RATE_LIMITED -> "rate_limit_error";
      case INTERNAL, NOT_IMPLEMENTED -> "api_error";
      case BUSY -> "overloaded_error";
    };
  }
}

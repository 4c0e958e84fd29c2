package dev.nearside.serve.openai;

import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code {"error": {"message", "type", "param", "code"}}}. */
public final class OpenAiErrors implements Dialect {
  @Override
  public JsonNode error(HttpProblem problem) {
    ObjectNode body = Json.object();
    ObjectNode error = body.putObject("error");
    error.put("message", problem.getMessage());
    error.put("type", type(problem.kind()));
    error.put("param", problem.param());
    error.put("code", code(problem.kind()));
    return body;
  }

  private static String type(HttpProblem.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case RATE_LIMITED -> "rate_limit_error";
      case INTERNAL, NOT_IMPLEMENTED, BUSY, TIMEOUT -> "server_error";
      default -> "invalid_request_error";
    };
  }

  private static String code(HttpProblem.Kind kind) {
    return switch (kind) {
      case INVALID_REQUEST -> "invalid_value";
      case CONTEXT_OVERFLOW -> "context_length_exceeded";
      case UNAUTHORIZED -> "invalid_api_key";
      case FORBIDDEN -> "insufficient_permissions";
      case NOT_FOUND -> "unknown_url";
      case MODEL_NOT_FOUND -> "model_not_found";
      case METHOD_NOT_ALLOWED -> "method_not_supported";
      case TIMEOUT -> "timeout";
      case TOO_LARGE -> "request_too_large";
      case UNSUPPORTED_MEDIA -> "unsupported_media_type";
      case RATE_LIMITED -> "rate_limit_exceeded";
      case INTERNAL -> "internal_error";
      case NOT_IMPLEMENTED -> "not_implemented";
      case BUSY -> "overloaded";
    };
  }
}

package dev.nearside.serve.ollama;

import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import tools.jackson.databind.JsonNode;

/** {@code {"error": "…"}}. */
public final class OllamaErrors implements Dialect {
  @Override
  public JsonNode error(HttpProblem problem) {
    return Json.object().put("error", problem.getMessage());
  }
}

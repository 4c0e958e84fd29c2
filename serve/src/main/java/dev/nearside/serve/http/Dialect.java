package dev.nearside.serve.http;

import tools.jackson.databind.JsonNode;

/** How one API writes its errors. */
public interface Dialect {
  /** The body of an error response. */
  JsonNode error(HttpProblem problem);

  /** The body of an error response, where it or its headers say more than the problem. */
  default JsonNode error(HttpProblem problem, Exchange exchange) {
    return error(problem);
  }
}

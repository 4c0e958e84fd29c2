package dev.nearside.serve.http;

import tools.jackson.databind.JsonNode;

/** How one API writes its errors. */
public interface Dialect {
  /** The body of an error response. */
  JsonNode error(HttpProblem problem);
}

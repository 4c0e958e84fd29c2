package dev.nearside.serve.http;

import org.jspecify.annotations.Nullable;

/** What stands around every endpoint. */
public interface Guard {
  /** Lets everybody in and notes nothing. */
  Guard NONE = (exchange, endpoint) -> endpoint.handle(exchange);

  /**
   * Looks at a request before its endpoint is known.
   *
   * @return true when it has been answered
   * @throws HttpProblem when it may not come in
   */
  default boolean arrive(Exchange exchange) throws Exception {
    return false;
  }

  /**
   * Calls the endpoint, for whoever may use it.
   *
   * @throws HttpProblem when the caller may not
   */
  void pass(Exchange exchange, Endpoint endpoint) throws Exception;

  /**
   * Notes that a request was answered, or could not be.
   *
   * @param path as the endpoint has it; null when there was none
   */
  default void left(Exchange exchange, @Nullable String path, long nanos) {}
}

package dev.nearside.serve.http;

import dev.nearside.serve.keys.Scope;
import org.jspecify.annotations.Nullable;

/** One method of one path. */
public interface Endpoint {
  /** {@code GET}, {@code POST}, … */
  String method();

  /** The path; {@code {name}} stands for one segment, {@code {name...}} at the end for the rest. */
  String path();

  /** Whose errors it answers with. */
  Dialect dialect();

  /** The field of the request that holds the text to read; null when there is none. */
  default @Nullable String promptField() {
    return null;
  }

  /** What a key must allow. */
  default Scope scope() {
    return method().equals("GET") || method().equals("HEAD") ? Scope.READ : Scope.CHAT;
  }

  /** Whether it needs one of the places for requests that work: whatever uses a model does. */
  default boolean isWork() {
    return scope() == Scope.CHAT || scope() == Scope.EMBEDDINGS;
  }

  /** What {@code /openapi.json} says of it. */
  default Doc doc() {
    return Doc.of(method() + " " + path());
  }

  /**
   * Answers, on a virtual thread of its own.
   *
   * @throws Exception what {@link HttpProblem#of} makes a response of
   */
  void handle(Exchange exchange) throws Exception;
}

package dev.nearside.serve.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint says of itself in {@code /openapi.json}.
 *
 * @param summary one line
 * @param request the fields of its body; null without a body
 * @param query names of the parameters after the question mark
 * @param answers media types of its answers
 */
public record Doc(
    String summary, @Nullable Shape request, List<String> query, List<String> answers) {
  private static final String JSON = "application/json";

  public Doc {
    query = List.copyOf(query);
    answers = List.copyOf(answers);
  }

  /** Of an endpoint without a body that answers with JSON. */
  public static Doc of(String summary) {
    return new Doc(summary, null, List.of(), List.of(JSON));
  }

  /** Of an endpoint that takes a JSON object and answers with JSON. */
  public static Doc of(String summary, Shape request) {
    return new Doc(summary, request, List.of(), List.of(JSON));
  }

  /** This, where a client may also ask for a stream of server-sent events. */
  public Doc orEvents() {
    return new Doc(summary, request, query, List.of(JSON, "text/event-stream"));
  }

  /** This, with parameters after the question mark. */
  public Doc withQuery(String... names) {
    return new Doc(summary, request, List.of(names), answers);
  }

  /** This, with answers of another type. */
  public Doc withAnswer(String mediaType) {
    return new Doc(summary, request, query, List.of(mediaType));
  }
}

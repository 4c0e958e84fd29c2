package dev.nearside.serve;

import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.openai.ChatCompletions;
import dev.nearside.serve.openai.ListModels;
import java.util.List;

/** The table of contents: every endpoint, one line each. */
final class Endpoints {
  private Endpoints() {}

  static List<Endpoint> of(Services s) {
    return List.of(new ListModels(s), new ChatCompletions(s));
  }
}

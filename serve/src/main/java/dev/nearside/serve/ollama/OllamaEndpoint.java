package dev.nearside.serve.ollama;

import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Endpoint;

/** An endpoint of Ollama's: most are {@code POST}. */
interface OllamaEndpoint extends Endpoint {
  @Override
  default String method() {
    return "POST";
  }

  @Override
  default Dialect dialect() {
    return new OllamaErrors();
  }
}

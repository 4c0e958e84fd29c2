package dev.nearside.serve.llamacpp;

import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.openai.OpenAiErrors;
import java.util.List;

/** An endpoint of llama.cpp's server. */
interface LlamaEndpoint extends Endpoint {
  Services services();

  @Override
  default String method() {
    return "POST";
  }

  @Override
  default Dialect dialect() {
    return new OpenAiErrors(); // llama.cpp's server writes them so
  }

  /** The model that is named; else the one that was used last, else the default. */
  default ModelLease model(Fields f) throws InterruptedException {
    List<LoadedModelState> loaded = services().models().loaded();
    String name =
        f.text("model")
            .orElseGet(() ->
                loaded.isEmpty() ? services().defaultModel() : loaded.getFirst().facts().name());
    return services().models().acquire(name, null);
  }
}

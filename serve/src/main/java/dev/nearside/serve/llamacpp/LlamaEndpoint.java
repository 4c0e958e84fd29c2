package dev.nearside.serve.llamacpp;

import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.fields.UnnamedModel;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.openai.OpenAiErrors;

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
    return services().models().acquire(UnnamedModel.of(f, services()), null);
  }
}

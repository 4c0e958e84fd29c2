package dev.nearside.serve.llamacpp;

import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /props}: what a model is. Paths of files and slots are nobody's business here. */
public record Props(Services services) implements LlamaEndpoint {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/props";
  }

  // It loads the model.
  @Override
  public Scope scope() {
    return Scope.CHAT;
  }

  @Override
  public Doc doc() {
    return Doc.of("What a model is.").withQuery("model");
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    @Nullable String name = exchange.query("model");
    ObjectNode asked = Json.object();
    if (name != null) {
      asked.put("model", name);
    }
    try (ModelLease lease = model(Fields.of(asked))) {
      ModelFacts facts = lease.facts();
      ObjectNode body = Json.object();
      body.putObject("default_generation_settings").put("n_ctx", facts.contextLength());
      body.put("model_alias", facts.name());
      body.put("chat_template", facts.template() == null ? "" : facts.template());
      body.putObject("modalities").put("vision", false).put("audio", false);
      exchange.json(200, body.put("build_info", "nearside " + services.version()));
    }
  }
}

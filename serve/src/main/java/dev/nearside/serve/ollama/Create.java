package dev.nearside.serve.ollama;

import dev.nearside.hub.ModelDraft;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.keys.Scope;

/** {@code POST /api/create}: makes a model of another one, or of files that were sent before. */
public record Create(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/create";
  }

  @Override
  public Scope scope() {
    return Scope.ADMIN;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    CreateFields asked = CreateFields.read(f, services.workshop().quantizations());
    new AdapterCheck(services).areAdapters(asked.draft());
    StatusLines.run(exchange, f.flag("stream", true), lines -> run(asked, lines));
  }

  private void run(CreateFields asked, StatusLines lines) throws Exception {
    ModelDraft draft = asked.draft();
    if (draft.source() instanceof ModelDraft.Source.From(String model)) {
      services.hub().pull(model, new PullLines(lines, model, services.hub().catalogue()));
      lines.send("reading model metadata");
    } else {
      lines.send("parsing files");
    }
    new AdapterCheck(services).areOfTheModel(draft);
    if (asked.quantize() != null) {
      draft = new Quantizing(services, lines).quantized(draft, asked.quantize());
    }
    lines.send("writing manifest");
    services.models().unload(services.hub().create(asked.name(), draft).name());
  }
}

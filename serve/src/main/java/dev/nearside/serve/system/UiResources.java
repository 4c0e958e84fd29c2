package dev.nearside.serve.system;

import dev.nearside.base.Machine;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.catalogue.Catalogue;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.metrics.Activity;
import dev.nearside.serve.openai.OpenAiErrors;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the Web UI shows and no public API tells; docs/design/serving-ui-api.md defines it. */
public final class UiResources {
  private UiResources() {}

  /** All of it. */
  public static List<Endpoint> endpoints(Services s, Activity activity) {
    return List.of(
        new Resource("catalogue", "Models that can be had, and which fit.", () -> catalogue(s)),
        new Resource("system", "The machine, and what of it is in use.", () -> system(s)),
        new Resource("metrics", "What the server is doing.", activity::json));
  }

  private record Resource(String name, String summary, Supplier<ObjectNode> content)
      implements Endpoint {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/api/nearside/" + name;
    }

    @Override
    public Dialect dialect() {
      return new OpenAiErrors();
    }

    @Override
    public Doc doc() {
      return Doc.of(summary);
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
      exchange.json(200, content.get());
    }
  }

  private static ObjectNode catalogue(Services s) {
    Catalogue catalogue = s.hub().catalogue();
    String chosen = catalogue.find(s.defaultModel()).map(CatalogueEntry::name).orElse("");
    Set<String> here = s.hub().list().stream().map(LocalModel::name).collect(Collectors.toSet());
    ObjectNode out = Json.object();
    ArrayNode models = out.putArray("models");
    for (CatalogueEntry e : catalogue.entries()) {
      ObjectNode node =
          models
              .addObject()
              .put("name", e.name())
              .put("description", e.description())
              .put("parameters", e.parameters())
              .put("quantization", e.file().quant())
              .put("family", e.family())
              .put("bytes", e.bytes())
              .put("memoryBytes", e.memoryBytes())
              .put("license", e.licence().id());
      if (e.licence().terms() != null) {
        node.put("licenseTerms", e.licence().terms());
      }
      ArrayNode languages = node.putArray("languages");
      e.languages().forEach(languages::add);
      node.put("context", e.contextLength())
          .put("base", e.isBase())
          .put("default", e.name().equals(chosen))
          .put("fits", e.memoryBytes() <= s.host().memoryForModels())
          .put("installed", here.contains(e.name()));
    }
    return out;
  }

  private static ObjectNode system(Services s) {
    List<LoadedModelState> loaded = s.models().loaded();
    ObjectNode out =
        Json.object()
            .put("version", s.version())
            .put("cpu", cpu())
            .put("kernels", s.host().kernels());
    long used = loaded.stream().mapToLong(m -> m.weightBytes() + m.kvBytes()).sum();
    out.putObject("memory")
        .put("total", Machine.memoryBytes())
        .put("forModels", s.host().memoryForModels())
        .put("used", used);
    ArrayNode models = out.putArray("loaded");
    for (LoadedModelState m : loaded) {
      models
          .addObject()
          .put("name", m.facts().name())
          .put("bytes", m.weightBytes())
          .put("kvBytes", m.kvBytes());
    }
    return out;
  }

  private static String cpu() {
    int cores = Runtime.getRuntime().availableProcessors();
    return Machine.cpuName() + ", " + cores + (cores == 1 ? " core" : " cores");
  }
}

package dev.nearside.cli.command;

import dev.nearside.base.Machine;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.Origin;
import dev.nearside.hub.catalogue.CatalogueEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nearside list}: the models that are here, or the catalogue. */
@Command(
    name = "list",
    aliases = "ls",
    mixinStandardHelpOptions = true,
    description = {
      "List the models of this machine.",
      "",
      "Those in Nearside's store first, then those that Hugging Face's and Ollama's caches hold and"
          + " that can be used where they lie. With --all: what the catalogue offers.",
      "",
      "SIZE is that of a model's files, PACKED that of its weights as the kernels lay them out:"
          + " together they are what it takes on the disk."
    },
    footer = {"", "Examples:", "  nearside list", "  nearside list --all", "  nearside ls --json"})
final class ListCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final CliContext context;

  @Option(
      names = {"-a", "--all"},
      description = "Show the catalogue instead.")
  boolean isAll;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  ListCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ModelHub hub = context.hub(true);
    if (isAll) {
      catalogue(hub);
    } else {
      installed(hub);
    }
    return 0;
  }

  private void installed(ModelHub hub) {
    List<LocalModel> models = new ArrayList<>(hub.list());
    models.addAll(hub.cached());
    Path folder = new PackedFlag().folder(context).path();
    if (isJson) {
      Json.print(
          context, models.stream().map(model -> json(model, DiskUse.of(model, folder))).toList());
      return;
    }
    if (models.isEmpty()) {
      context.err().println("No models yet. 'nearside list --all' shows what there is to pull.");
      return;
    }
    Table table =
        new Table("NAME", "SIZE", "PACKED", "FAMILY", "PARAMS", "QUANT", "CONTEXT", "MODIFIED", "");
    for (LocalModel model : models) {
      ModelFacts facts = ModelFacts.of(model);
      DiskUse use = DiskUse.of(model, folder);
      table.row(
          model.name(),
          Sizes.bytes(use.fileBytes()),
          use.packedBytes() == 0 ? "-" : Sizes.bytes(use.packedBytes()),
          facts.family(),
          facts.parameters(),
          facts.quant(),
          context(facts),
          TIME.format(model.modifiedAt().atZone(ZoneId.systemDefault())),
          remark(model, facts, use));
    }
    table.print(context.out());
  }

  private static String context(ModelFacts facts) {
    return facts.contextLength() == 0 ? "?" : String.valueOf(facts.contextLength());
  }

  private static String remark(LocalModel model, ModelFacts facts, DiskUse use) {
    List<String> remarks = new ArrayList<>();
    if (use.isDropped()) {
      remarks.add("original dropped");
    }
    if (facts.isBase()) {
      remarks.add("base");
    }
    switch (model.origin().kind()) {
      case STORE, LOCAL_PATH -> {}
      case HUGGING_FACE_CACHE -> remarks.add("in Hugging Face's cache");
      case OLLAMA_CACHE -> remarks.add("in Ollama's cache");
    }
    if (facts.fault() != null) {
      remarks.add("can't be read: " + Printable.shortened(facts.fault(), 120));
    }
    return String.join(", ", remarks);
  }

  private static Map<String, Object> json(LocalModel model, DiskUse use) {
    ModelFacts facts = ModelFacts.of(model);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", model.name());
    json.put("bytes", model.bytes());
    json.putAll(use.toJson());
    json.put("modified", timestamp(model.modifiedAt()));
    put(json, facts);
    Origin.Kind kind = model.origin().kind();
    json.put("origin", kind.name().toLowerCase(Locale.ROOT));
    json.put("source", model.origin().detail());
    json.put("path", model.path().toString());
    if (model.sha256() != null) {
      json.put("sha256", model.sha256());
    }
    return json;
  }

  private static String timestamp(Instant time) {
    return time.toString();
  }

  private static void put(Map<String, Object> json, ModelFacts facts) {
    json.put("family", facts.family());
    json.put("parameters", facts.parameters());
    json.put("quant", facts.quant());
    json.put("context_length", facts.contextLength());
    json.put("base", facts.isBase());
    if (facts.fault() != null) {
      json.put("error", facts.fault());
    }
  }

  private void catalogue(ModelHub hub) {
    List<String> here = hub.list().stream().map(LocalModel::name).toList();
    long memory = Machine.memoryBytes();
    if (isJson) {
      Json.print(
          context,
          hub.catalogue().entries().stream()
              .map(entry -> json(entry, here.contains(entry.name()), memory))
              .toList());
      return;
    }
    Table table =
        new Table("NAME", "SIZE", "PARAMS", "QUANT", "CONTEXT", "LANGUAGES", "LICENCE", "");
    for (CatalogueEntry entry : hub.catalogue().entries()) {
      List<String> remarks = new ArrayList<>();
      if (here.contains(entry.name())) {
        remarks.add("here");
      }
      if (entry.isBase()) {
        remarks.add("base");
      }
      switch (entry.purpose()) {
        case TEXT -> {}
        case EMBED -> remarks.add("embeds");
        case RERANK -> remarks.add("reranks");
      }
      if (entry.memoryBytes() > memory) {
        remarks.add("too large for this machine");
      }
      table.row(
          entry.name(),
          Sizes.bytes(entry.bytes()),
          entry.parameters(),
          entry.file().quant(),
          String.valueOf(entry.contextLength()),
          languages(entry),
          entry.licence().id(),
          String.join(", ", remarks));
    }
    table.print(context.out());
  }

  private static String languages(CatalogueEntry entry) {
    List<String> all = entry.languages();
    int shown = Math.min(all.size(), 4);
    return String.join(",", all.subList(0, shown)) + (shown < all.size() ? ",…" : "");
  }

  private static Map<String, Object> json(CatalogueEntry entry, boolean isHere, long memory) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", entry.name());
    json.put("aliases", entry.aliases());
    json.put("description", entry.description());
    json.put("bytes", entry.bytes());
    put(json, ModelFacts.of(entry));
    json.put("languages", entry.languages());
    json.put("licence", entry.licence().id());
    json.put("memory_bytes", entry.memoryBytes());
    json.put("fits", entry.memoryBytes() <= memory);
    json.put("installed", isHere);
    return json;
  }
}

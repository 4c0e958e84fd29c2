package dev.nearside.hub.catalogue;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
import dev.nearside.hub.store.SafeNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Turns {@code catalogue.json} into entries; every fault names the entry and the field. */
final class CatalogueReader {

  private CatalogueReader() {}

  static List<CatalogueEntry> read(byte[] json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JacksonException e) {
      throw new HubException(
          Fault.of("the catalogue is not JSON").got(String.valueOf(e.getOriginalMessage())), e);
    }
    Map<String, Licence> licences = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : root.path("licences").properties()) {
      Fields licence = new Fields("licence " + field.getKey(), field.getValue());
      licences.put(
          field.getKey(),
          new Licence(
              licence.text("id"), licence.optionalText("url"), licence.optionalText("terms")));
    }
    List<CatalogueEntry> entries = new ArrayList<>();
    for (JsonNode node : root.path("models")) {
      entries.add(entry(new Fields(node.path("name").asString("?"), node), licences));
    }
    return entries;
  }

  private static CatalogueEntry entry(Fields in, Map<String, Licence> licences) {
    String licenceKey = in.text("licence");
    Licence licence = licences.get(licenceKey);
    if (licence == null) {
      throw in.fault("licence", licenceKey, "one of " + licences.keySet());
    }
    return new CatalogueEntry(
        in.text("name"),
        in.texts("aliases"),
        in.text("description"),
        in.text("parameters"),
        in.text("family"),
        in.texts("languages"),
        licence,
        (int) in.number("contextLength"),
        file(in.object("file")),
        new MemoryNeed(in.number("kvBytesPerToken")),
        in.node().path("base").asBoolean(false),
        sampling(in.object("sampling")),
        sources(in),
        purpose(in));
  }

  private static CatalogueEntry.Purpose purpose(Fields in) {
    String given = in.optionalText("purpose");
    return switch (given) {
      case null -> CatalogueEntry.Purpose.TEXT;
      case "embed" -> CatalogueEntry.Purpose.EMBED;
      case "rerank" -> CatalogueEntry.Purpose.RERANK;
      default -> throw in.fault("purpose", given, "embed or rerank");
    };
  }

  private static FileFacts file(Fields in) {
    boolean approximate = in.node().has("approxBytes");
    if (!SafeNames.isFile(in.text("name"))) {
      throw in.fault("name", in.text("name"), "a safe file name");
    }
    return new FileFacts(
        in.text("name"),
        in.text("quant"),
        in.number(approximate ? "approxBytes" : "bytes"),
        approximate,
        in.optionalText("sha256"));
  }

  private static SamplingDefaults sampling(Fields in) {
    return new SamplingDefaults(
        in.optionalDecimal("temperature"),
        in.node().has("topK") ? (int) in.number("topK") : null,
        in.optionalDecimal("topP"),
        in.optionalDecimal("minP"),
        in.optionalDecimal("repeatPenalty"));
  }

  private static List<SourceSpec> sources(Fields entry) {
    List<SourceSpec> sources = new ArrayList<>();
    for (JsonNode node : entry.node().path("sources")) {
      Fields in = new Fields(entry.where() + " sources", node);
      sources.add(
          switch (in.text("kind")) {
            case "huggingface" ->
                in.optionalText("file") == null
                    ? new SourceSpec.HuggingFaceFolder(in.text("repo"))
                    : new SourceSpec.HuggingFace(in.text("repo"), in.text("file"));
            case "modelscope" -> new SourceSpec.ModelScope(in.text("repo"), in.text("file"));
            case "ollama" -> new SourceSpec.Ollama(in.text("model"), in.text("tag"));
            case "package" -> packages(in);
            default -> throw in.fault("kind", in.text("kind"), "a known source kind");
          });
    }
    if (sources.isEmpty()) {
      throw entry.fault("sources", "none", "at least one");
    }
    return sources;
  }

  private static SourceSpec packages(Fields in) {
    String folder = in.optionalText("folder");
    if (folder != null) {
      return new SourceSpec.PackageFolder(in.text("requirement"), folder);
    }
    List<SourceSpec.Part> parts = new ArrayList<>();
    for (JsonNode part : in.node().path("parts")) {
      Fields fields = new Fields(in.where(), part);
      parts.add(new SourceSpec.Part(fields.text("requirement"), fields.text("file")));
    }
    if (parts.isEmpty()) {
      throw in.fault("parts", "none", "at least one");
    }
    return new SourceSpec.Packages(parts);
  }

  /** A JSON object whose fields are read with their kind checked. */
  private record Fields(String where, JsonNode node) {

    String text(String field) {
      String value = optionalText(field);
      if (value == null) {
        throw fault(field, "nothing", "text");
      }
      return value;
    }

    @Nullable String optionalText(String field) {
      JsonNode value = node.path(field);
      return value.isString() ? value.asString() : null;
    }

    List<String> texts(String field) {
      List<String> values = new ArrayList<>();
      node.path(field).forEach(value -> values.add(value.asString()));
      return values;
    }

    long number(String field) {
      JsonNode value = node.path(field);
      if (!value.canConvertToLong() || value.asLong() < 0) {
        throw fault(field, value, "a whole number");
      }
      return value.asLong();
    }

    @Nullable Double optionalDecimal(String field) {
      JsonNode value = node.path(field);
      return value.isNumber() ? value.asDouble() : null;
    }

    Fields object(String field) {
      return new Fields(where + " " + field, node.path(field));
    }

    HubException fault(String field, Object got, String expected) {
      return new HubException(
          Fault.of("the catalogue is wrong")
              .got(got)
              .expected(expected)
              .where(where + ", " + field));
    }
  }
}

package dev.nearside.hub.store;

import dev.nearside.base.Fault;
import dev.nearside.hub.ModelSettings;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What makes a model: its name and the blobs of its files.
 *
 * @param kind how its files are used
 * @param files the first is what a reader opens, for {@link Kind#GGUF}
 * @param source where it came from, for people
 * @param settings what the model has of its own beside its files
 * @param adapters files of low-rank adapters
 */
public record Manifest(
    String name,
    Kind kind,
    List<StoredFile> files,
    String source,
    Instant pulledAt,
    ModelSettings settings,
    List<StoredFile> adapters) {

  /** How a model's files are laid out for its reader. */
  public enum Kind {
    /** One or more GGUF files (parts of a split one). */
    GGUF,
    /** A folder: config, tokenizer, safetensors. */
    SAFETENSORS
  }

  static final int SCHEMA = 1;
  static final int MAX_BYTES = 4 << 20;

  public Manifest {
    files = List.copyOf(files);
    adapters = List.copyOf(adapters);
  }

  /** A model that is its files and no more. */
  public Manifest(String name, Kind kind, List<StoredFile> files, String source, Instant pulledAt) {
    this(name, kind, files, source, pulledAt, ModelSettings.NONE, List.of());
  }

  public Manifest withName(String newName, Instant now) {
    return new Manifest(newName, kind, files, source, now, settings, adapters);
  }

  public Manifest withSettings(ModelSettings other) {
    return new Manifest(name, kind, files, source, pulledAt, other, adapters);
  }

  public long bytes() {
    return blobs().stream().mapToLong(StoredFile::bytes).sum();
  }

  /** Every blob that the model needs. */
  public List<StoredFile> blobs() {
    List<StoredFile> all = new ArrayList<>(files);
    all.addAll(adapters);
    return all;
  }

  /** True when the one blob can be opened as it lies; otherwise files need their own names. */
  public boolean isSingleFile() {
    return kind == Kind.GGUF && files.size() == 1;
  }

  byte[] toJson() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("schema", SCHEMA).put("name", name).put("kind", kind.name());
    root.put("source", source).put("pulledAt", pulledAt.toString());
    write(files, root.putArray("files"));
    if (!adapters.isEmpty()) {
      write(adapters, root.putArray("adapters"));
    }
    if (!settings.equals(ModelSettings.NONE)) {
      SettingsJson.write(settings, root.putObject("settings"));
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  private static void write(List<StoredFile> files, ArrayNode list) {
    for (StoredFile file : files) {
      list.addObject()
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
  }

  /**
   * @throws StoreException for anything that is not a whole, sane manifest
   */
  static Manifest parse(byte[] json, Object where) {
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      if (root.path("schema").asInt(-1) != SCHEMA) {
        throw damaged("schema " + root.path("schema"), "schema " + SCHEMA, where);
      }
      List<StoredFile> files = files(root.path("files"), where);
      String name = root.path("name").asString("");
      if (files.isEmpty() || name.isEmpty()) {
        throw damaged("no files or no name", "both", where);
      }
      return new Manifest(
          name,
          Kind.valueOf(root.path("kind").asString("")),
          files,
          root.path("source").asString(""),
          Instant.parse(root.path("pulledAt").asString("")),
          SettingsJson.parse(root.path("settings"), where),
          files(root.path("adapters"), where));
    } catch (JacksonException e) {
      throw damaged(e.getOriginalMessage(), "JSON", where);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw damaged(String.valueOf(e.getMessage()), "a kind and a time", where);
    }
  }

  private static List<StoredFile> files(JsonNode list, Object where) {
    List<StoredFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode node : list) {
      StoredFile file =
          new StoredFile(
              node.path("name").asString(""),
              node.path("sha256").asString(""),
              node.path("bytes").asLong(-1));
      if (!SafeNames.isPath(file.name())
          || !SafeNames.isSha256(file.sha256())
          || file.bytes() < 0
          || !names.add(file.name())) {
        throw damaged(node, "name, sha256 and bytes of a file", where);
      }
      files.add(file);
    }
    return files;
  }

  static StoreException damaged(Object got, String expected, Object where) {
    return new StoreException(
        Fault.of("a model's manifest is damaged")
            .got(got)
            .expected(expected)
            .where(where)
            .hint("Pull the model again, or remove it"));
  }
}

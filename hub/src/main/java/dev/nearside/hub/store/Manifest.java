package dev.nearside.hub.store;

import dev.nearside.base.Fault;
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
 */
public record Manifest(
    String name, Kind kind, List<StoredFile> files, String source, Instant pulledAt) {

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
  }

  public Manifest withName(String newName, Instant now) {
    return new Manifest(newName, kind, files, source, now);
  }

  public long bytes() {
    return files.stream().mapToLong(StoredFile::bytes).sum();
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
    ArrayNode list = root.putArray("files");
    for (StoredFile file : files) {
      list.addObject()
          .put("name", file.name())
          .put("sha256", file.sha256())
          .put("bytes", file.bytes());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
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
      List<StoredFile> files = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (JsonNode node : root.path("files")) {
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
      String name = root.path("name").asString("");
      if (files.isEmpty() || name.isEmpty()) {
        throw damaged("no files or no name", "both", where);
      }
      return new Manifest(
          name,
          Kind.valueOf(root.path("kind").asString("")),
          files,
          root.path("source").asString(""),
          Instant.parse(root.path("pulledAt").asString("")));
    } catch (JacksonException e) {
      throw damaged(e.getOriginalMessage(), "JSON", where);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw damaged(String.valueOf(e.getMessage()), "a kind and a time", where);
    }
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

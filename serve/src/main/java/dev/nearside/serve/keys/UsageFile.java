package dev.nearside.serve.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokens that keys have used on one day, kept beside the keys, so that a quota outlives its
 * server. Servers of one home add to the same numbers. A file that is none is told in the log and
 * begun anew.
 */
public final class UsageFile {
  private static final System.Logger LOG = System.getLogger(UsageFile.class.getName());
  private static final int SCHEMA = 1;
  private static final int MAX_BYTES = 4 << 20;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SharedFile file;

  public UsageFile(Path path) {
    this.file = new SharedFile(path);
  }

  public Path path() {
    return file.path();
  }

  /**
   * The tokens of a day, by the keys' ids; nothing of any other day.
   *
   * @throws IOException when the file can't be read
   */
  public Map<String, Long> read(LocalDate day) throws IOException {
    Path path = file.path();
    try {
      if (Files.size(path) > MAX_BYTES) {
        return broken("it is too long");
      }
      JsonNode root = JSON.readTree(Files.readAllBytes(path));
      if (root.path("schema").asInt(-1) != SCHEMA || !root.path("tokens").isObject()) {
        return broken("schema " + root.path("schema"));
      }
      Map<String, Long> tokens = new TreeMap<>();
      for (Map.Entry<String, JsonNode> e : root.path("tokens").properties()) {
        if (!e.getValue().canConvertToLong() || e.getValue().longValue() < 0) {
          return broken("a number of tokens that is none");
        }
        tokens.put(e.getKey(), e.getValue().longValue());
      }
      return LocalDate.parse(root.path("day").asString("")).equals(day) ? tokens : new TreeMap<>();
    } catch (NoSuchFileException e) {
      return new TreeMap<>();
    } catch (JacksonException e) {
      return broken(e.getOriginalMessage());
    } catch (DateTimeException e) {
      return broken(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, Long> broken(String why) {
    LOG.log(
        System.Logger.Level.WARNING,
        "what keys have used today is begun anew, {0} is damaged: {1}",
        file.path(),
        why);
    return new TreeMap<>();
  }

  /**
   * Adds to a day's tokens; what the file had of another day is dropped.
   *
   * @return all tokens of the day
   * @throws IOException when the file can't be read or written
   */
  public Map<String, Long> add(LocalDate day, Map<String, Long> more) throws IOException {
    return file.locked(() -> {
      Map<String, Long> all = read(day);
      more.forEach((id, tokens) -> all.merge(id, tokens, Long::sum));
      ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA).put("day", day.toString());
      ObjectNode tokens = root.putObject("tokens");
      all.forEach(tokens::put);
      file.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
      return all;
    });
  }
}

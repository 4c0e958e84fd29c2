package dev.nearside.serve.keys;

import dev.nearside.base.Fault;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keys as JSON. */
final class KeyJson {
  private static final int SCHEMA = 1;
  private static final JsonMapper JSON = JsonMapper.shared();

  private KeyJson() {}

  static byte[] format(List<ApiKey> keys) {
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    ArrayNode list = root.putArray("keys");
    for (ApiKey key : keys) {
      ObjectNode node =
          list.addObject()
              .put("id", key.id())
              .put("name", key.name())
              .put("salt", key.salt())
              .put("hash", key.hash());
      ArrayNode scopes = node.putArray("scopes");
      new TreeSet<>(key.scopes()).forEach(scope -> scopes.add(scope.wireName()));
      node.put("requestsPerMinute", key.quota().requestsPerMinute())
          .put("tokensPerDay", key.quota().tokensPerDay())
          .put("created", key.created().toString());
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  static List<ApiKey> parse(byte[] json, Path where) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root.path("schema").asInt(-1) != SCHEMA) {
        throw damaged("schema " + root.path("schema"), where);
      }
      List<ApiKey> keys = new ArrayList<>();
      for (JsonNode node : root.path("keys")) {
        keys.add(key(node, where));
      }
      return keys;
    } catch (JacksonException e) {
      throw damaged(e.getOriginalMessage(), where);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw damaged(String.valueOf(e.getMessage()), where);
    }
  }

  private static ApiKey key(JsonNode node, Path where) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (JsonNode scope : node.path("scopes")) {
      scopes.add(Scope.valueOf(scope.asString("").toUpperCase(Locale.ROOT)));
    }
    ApiKey key =
        new ApiKey(
            node.path("id").asString(""),
            node.path("name").asString(""),
            node.path("salt").asString(""),
            node.path("hash").asString(""),
            scopes,
            new ApiKey.Quota(
                node.path("requestsPerMinute").asInt(0), node.path("tokensPerDay").asLong(0)),
            Instant.parse(node.path("created").asString("")));
    if (key.id().isEmpty() || key.salt().isEmpty() || key.hash().length() != 64) {
      throw damaged("a key without id, salt or hash", where);
    }
    return key;
  }

  private static KeyException damaged(String got, Path where) {
    return new KeyException(
        Fault.of("the file of keys is damaged")
            .got(got)
            .where(where)
            .hint("Restore it, or remove it and make new keys."),
        null);
  }
}

package dev.nearside.grammar.schema;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A schema and all schemas in it that have names: what references may point to. */
final class SchemaDocument {
  private static final String ROOT = "nearside:/schema";

  private final Map<String, Sub> byUri = new HashMap<>();
  private final Sub root;

  SchemaDocument(JsonNode schema) {
    root = index(schema, "#", ROOT);
    byUri.putIfAbsent(ROOT, root);
  }

  Sub root() {
    return root;
  }

  private Sub index(JsonNode node, String pointer, String base) {
    String own = base;
    if (node.isObject() && node.path("$id").isString()) {
      own = resolve(base, node.path("$id").asString());
    }
    Sub sub = new Sub(node, pointer, own, false, Set.of());
    if (!own.equals(base)) {
      byUri.putIfAbsent(own, sub);
    }
    if (node.isObject()) {
      for (String keyword : new String[] {"$anchor", "$dynamicAnchor"}) {
        if (node.path(keyword).isString()) {
          byUri.putIfAbsent(own + "#" + node.path(keyword).asString(), sub);
        }
      }
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        boolean isData = member.getKey().equals("enum") || member.getKey().equals("const");
        if (!isData) {
          String step = member.getKey().replace("~", "~0").replace("/", "~1");
          index(member.getValue(), pointer + "/" + step, own);
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        index(node.get(i), pointer + "/" + i, own);
      }
    }
    return sub;
  }

  /** What {@code reference} of {@code from} points to, for the same instance. */
  Sub resolve(Sub from, String keyword) {
    JsonNode value = from.node().path(keyword);
    if (!value.isString()) {
      throw from.malformed(keyword, "a string");
    }
    Sub target = find(from.base(), value.asString());
    if (target == null) {
      throw from.fault("a reference to a schema that is not in the document", keyword);
    }
    Set<String> chain = from.inPlace(from.node()).owners();
    return new Sub(target.node(), target.pointer(), target.base(), false, chain);
  }

  private @Nullable Sub find(String base, String reference) {
    String uri = resolve(base, reference);
    int hash = uri.indexOf('#');
    String document = hash < 0 ? uri : uri.substring(0, hash);
    String fragment = hash < 0 ? "" : decoded(uri.substring(hash + 1));
    if (!fragment.isEmpty() && !fragment.startsWith("/")) {
      return byUri.get(document + "#" + fragment);
    }
    Sub start = byUri.get(document);
    if (start == null && document.equals(root.base())) {
      start = root;
    }
    if (start == null) {
      return null;
    }
    Sub at = start;
    for (String step : fragment.isEmpty() ? new String[0] : fragment.substring(1).split("/", -1)) {
      String name = step.replace("~1", "/").replace("~0", "~");
      JsonNode next =
          at.node().isArray() && name.matches("\\d{1,6}")
              ? at.node().path(Integer.parseInt(name))
              : at.node().path(name);
      if (next.isMissingNode()) {
        return null;
      }
      String own =
          next.path("$id").isString() ? resolve(at.base(), next.path("$id").asString()) : at.base();
      Sub child = at.child(next, name);
      at = new Sub(next, child.pointer(), own, false, Set.of());
    }
    return at;
  }

  private static String decoded(String fragment) {
    try {
      return java.net.URLDecoder.decode(
          fragment.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return fragment;
    }
  }

  private static String resolve(String base, String reference) {
    if (reference.startsWith("#")) {
      int hash = base.indexOf('#');
      return (hash < 0 ? base : base.substring(0, hash)) + (reference.equals("#") ? "" : reference);
    }
    try {
      String uri = URI.create(base).resolve(reference).toString();
      return uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
    } catch (IllegalArgumentException e) {
      return reference;
    }
  }
}

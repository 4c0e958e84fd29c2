package dev.nearside.hub.store;

import dev.nearside.hub.ModelSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A model's settings in its manifest. */
final class SettingsJson {
  private SettingsJson() {}

  static void write(ModelSettings settings, ObjectNode out) {
    out.put("parent", settings.parent());
    out.put("template", settings.template());
    out.put("system", settings.system());
    ObjectNode parameters = out.putObject("parameters");
    settings.parameters().forEach((name, value) -> parameters.putPOJO(name, value));
    ArrayNode messages = out.putArray("messages");
    for (ModelSettings.Turn turn : settings.messages()) {
      messages.addObject().put("role", turn.role()).put("content", turn.content());
    }
    ArrayNode licenses = out.putArray("licenses");
    settings.licenses().forEach(licenses::add);
  }

  /** Nothing at all where the node is missing. */
  static ModelSettings parse(JsonNode node, Object where) {
    if (node.isMissingNode()) {
      return ModelSettings.NONE;
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    node.path("parameters")
        .properties()
        .forEach(e -> parameters.put(e.getKey(), value(e.getValue(), where)));
    List<ModelSettings.Turn> messages = new ArrayList<>();
    for (JsonNode turn : node.path("messages")) {
      messages.add(
          new ModelSettings.Turn(
              turn.path("role").asString(""), turn.path("content").asString("")));
    }
    List<String> licenses = new ArrayList<>();
    node.path("licenses").forEach(license -> licenses.add(license.asString("")));
    return new ModelSettings(
        text(node, "parent"),
        text(node, "template"),
        text(node, "system"),
        parameters,
        messages,
        licenses);
  }

  private static @Nullable String text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isString() ? value.stringValue() : null;
  }

  private static Object value(JsonNode node, Object where) {
    if (node.isNumber()) {
      return node.isIntegralNumber() ? (Object) node.longValue() : (Object) node.doubleValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isArray()) {
      List<Object> out = new ArrayList<>();
      node.forEach(member -> out.add(value(member, where)));
      return out;
    }
    throw Manifest.damaged(node, "a number, text, truth value or list", where);
  }
}

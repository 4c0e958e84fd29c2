package dev.nearside.serve.system;

import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An OpenAPI 3.1 description, made of what endpoints say of themselves. */
final class OpenApiDocument {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)(\\.\\.\\.)?}");

  private OpenApiDocument() {}

  static ObjectNode of(String version, List<Endpoint> endpoints) {
    ObjectNode out = Json.object().put("openapi", "3.1.0");
    out.putObject("info").put("title", "Nearside").put("version", version);
    out.putArray("servers").addObject().put("url", "/");
    ObjectNode paths = out.putObject("paths");
    for (Endpoint e : endpoints) {
      String path = VARIABLE.matcher(e.path()).replaceAll("{$1}");
      ObjectNode item = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
      item.set(e.method().toLowerCase(Locale.ROOT), operation(e));
    }
    ObjectNode schemes = out.putObject("components").putObject("securitySchemes");
    schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
    schemes.putObject("header").put("type", "apiKey").put("in", "header").put("name", "x-api-key");
    ArrayNode security = out.putArray("security");
    security.addObject(); // without a key, where the server has none
    security.addObject().putArray("bearer");
    security.addObject().putArray("header");
    return out;
  }

  private static ObjectNode operation(Endpoint e) {
    Doc doc = e.doc();
    ObjectNode out =
        Json.object()
            .put("operationId", id(e))
            .put("summary", doc.summary())
            .put("x-dialect", e.dialect().getClass().getSimpleName().replace("Errors", ""));
    out.putArray("tags").add(tag(e.path()));
    parameters(e, doc, out);
    if (doc.request() != null) {
      ObjectNode body = out.putObject("requestBody").put("required", true);
      body.putObject("content").putObject("application/json").set("schema", doc.request().schema());
    }
    ObjectNode responses = out.putObject("responses");
    ObjectNode good = responses.putObject("200").put("description", "The answer.");
    ObjectNode content = good.putObject("content");
    doc.answers().forEach(type -> content.putObject(type).putObject("schema"));
    responses
        .putObject("default")
        .put("description", "An error.")
        .putObject("content")
        .putObject("application/json")
        .set("schema", like(e.dialect().error(HttpProblem.invalid("field", "what is wrong"))));
    return out;
  }

  private static void parameters(Endpoint e, Doc doc, ObjectNode out) {
    ArrayNode parameters = Json.array();
    Matcher variable = VARIABLE.matcher(e.path());
    while (variable.find()) {
      parameter(parameters, variable.group(1), "path").put("required", true);
    }
    doc.query().forEach(name -> parameter(parameters, name, "query"));
    if (!parameters.isEmpty()) {
      out.set("parameters", parameters);
    }
  }

  private static ObjectNode parameter(ArrayNode to, String name, String place) {
    ObjectNode out = to.addObject().put("name", name).put("in", place);
    out.putObject("schema").put("type", "string");
    return out;
  }

  /** The method and the words of the path: unique, as these two are together. */
  private static String id(Endpoint e) {
    List<String> words = new ArrayList<>(List.of(e.method().toLowerCase(Locale.ROOT)));
    for (String word : e.path().split("[^A-Za-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return String.join("_", words);
  }

  private static String tag(String path) {
    String[] parts = path.split("/", -1);
    boolean isApi = parts.length > 2 && (parts[1].equals("v1") || parts[1].equals("api"));
    String tag = parts.length < 2 ? "" : isApi ? parts[2] : parts[1];
    return tag.isEmpty() ? "ui" : tag;
  }

  /** The schema of an example. */
  private static ObjectNode like(JsonNode example) {
    ObjectNode out = Json.object();
    if (example.isObject()) {
      out.put("type", "object");
      ObjectNode properties = out.putObject("properties");
      ArrayNode required = out.putArray("required");
      example
          .properties()
          .forEach(member -> {
            properties.set(member.getKey(), like(member.getValue()));
            required.add(member.getKey());
          });
    } else if (example.isString()) {
      out.putArray("type").add("string").add("null");
    }
    return out;
  }
}

package dev.nearside.serve.responses;

import dev.nearside.chat.Part;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.Ids;
import dev.nearside.serve.reply.MediaPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The input of a request: checked, and brought into the one shape in which items are kept. */
final class ItemFields {
  private static final Set<String> MESSAGE =
      Set.of("type", "id", "role", "content", "status", "phase");
  private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");

  private final ResponseShelf shelf;
  private final MediaPlaces media;

  ItemFields(ResponseShelf shelf, MediaPlaces media) {
    this.shelf = shelf;
    this.media = media;
  }

  /** The items of {@code input}: a string stands for one message of the user. */
  List<JsonNode> read(Fields request) {
    JsonNode input = request.need("input");
    if (input.isString()) {
      return List.of(message("user", Json.array().add(text("input_text", input.stringValue()))));
    }
    if (!input.isArray()) {
      throw request.wrong("input", "must be a string or an array of items");
    }
    List<JsonNode> out = new ArrayList<>();
    for (Fields item : request.objects("input")) {
      out.add(item(item));
    }
    return out;
  }

  private JsonNode item(Fields item) {
    boolean isReference = !item.has("type") && !item.has("role") && item.has("id");
    String type = item.text("type").orElse(isReference ? "item_reference" : "message");
    return switch (type) {
      case "message" -> message(item);
      case "function_call" -> call(item);
      case "function_call_output" -> output(item);
      case "reasoning" -> reasoning(item);
      case "item_reference" ->
          shelf
              .item(item.needText("id"))
              .orElseThrow(() -> item.wrong("id", "names an item that is not kept here"));
      default -> throw item.wrong("type", "is no item that this server knows: " + type);
    };
  }

  private static ObjectNode message(String role, ArrayNode content) {
    ObjectNode out = Json.object().put("type", "message").put("id", Ids.next("msg_"));
    out.put("status", "completed").put("role", role);
    out.set("content", content);
    return out;
  }

  private ObjectNode message(Fields item) {
    item.refuseOthers(MESSAGE);
    String role = item.needText("role");
    if (!ROLES.contains(role)) {
      throw item.wrong("role", "must be user, assistant, system or developer: " + role);
    }
    String textType = role.equals("assistant") ? "output_text" : "input_text";
    JsonNode content = item.need("content");
    ArrayNode parts = Json.array();
    if (content.isString()) {
      parts.add(text(textType, content.stringValue()));
    } else {
      item.objects("content").forEach(part -> parts.add(part(part, textType)));
    }
    ObjectNode out = message(role, parts);
    item.text("id").ifPresent(id -> out.put("id", id));
    return out;
  }

  private ObjectNode part(Fields part, String textType) {
    String type = part.needText("type");
    return switch (type) {
      case "input_text", "output_text", "text" -> text(textType, part.needText("text"));
      case "refusal" -> text(textType, part.needText("refusal"));
      case "input_image" -> media(part, Part.Kind.IMAGE);
      case "input_audio" -> media(part, Part.Kind.AUDIO);
      case "input_file" -> media(part, Part.Kind.FILE);
      default -> throw part.wrong("type", "is no kind of content: " + type);
    };
  }

  // Kept as it came: ItemMessages makes the part of the chat of it.
  private ObjectNode media(Fields part, Part.Kind kind) {
    media.add(part, kind, part.path());
    return (ObjectNode) part.object().deepCopy();
  }

  private static ObjectNode text(String type, String text) {
    ObjectNode out = Json.object().put("type", type).put("text", text);
    if (type.equals("output_text")) {
      out.putArray("annotations");
      out.putArray("logprobs");
    }
    return out;
  }

  private static ObjectNode call(Fields item) {
    return Json.object()
        .put("type", "function_call")
        .put("id", item.text("id").orElseGet(() -> Ids.next("fc_")))
        .put("status", "completed")
        .put("call_id", item.needText("call_id"))
        .put("name", item.needText("name"))
        .put("arguments", item.needText("arguments"));
  }

  private ObjectNode output(Fields item) {
    ObjectNode out =
        Json.object()
            .put("type", "function_call_output")
            .put("id", item.text("id").orElseGet(() -> Ids.next("fco_")))
            .put("status", "completed")
            .put("call_id", item.needText("call_id"));
    JsonNode given = item.need("output");
    if (given.isString()) {
      return out.put("output", given.stringValue());
    }
    if (!given.isArray()) {
      throw item.wrong("output", "must be a string or an array of parts");
    }
    ArrayNode parts = out.putArray("output");
    item.objects("output").forEach(part -> parts.add(part(part, "input_text")));
    return out;
  }

  private static ObjectNode reasoning(Fields item) {
    ObjectNode out =
        Json.object()
            .put("type", "reasoning")
            .put("id", item.text("id").orElseGet(() -> Ids.next("rs_")));
    copyTexts(item, "summary", "summary_text", out.putArray("summary"));
    if (item.has("content")) {
      copyTexts(item, "content", "reasoning_text", out.putArray("content"));
    }
    return out;
  }

  private static void copyTexts(Fields item, String key, String type, ArrayNode to) {
    for (Fields part : item.objects(key)) {
      if (!part.needText("type").equals(type)) {
        throw HttpProblem.invalid(part.name("type"), "'" + part.name("type") + "' must be " + type);
      }
      to.addObject().put("type", type).put("text", part.needText("text"));
    }
  }
}

package dev.nearside.serve.responses;

import dev.nearside.chat.Message;
import dev.nearside.chat.Part;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A chat out of items. What a model wrote in one turn is one message there: its reasoning, its text
 * and its calls.
 */
final class ItemMessages {
  private final List<Message> messages = new ArrayList<>();
  private final Map<String, String> toolNames = new HashMap<>();

  // The assistant's turn that is being put together.
  private final List<Part> parts = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private @Nullable String reasoning;

  private ItemMessages() {}

  static List<Message> of(@Nullable String instructions, List<JsonNode> items) {
    ItemMessages out = new ItemMessages();
    if (instructions != null) {
      out.messages.add(Message.system(instructions));
    }
    items.forEach(out::add);
    out.endTurn();
    return out.messages;
  }

  private void add(JsonNode item) {
    switch (item.path("type").asString("")) {
      case "message" -> message(item);
      case "function_call" -> {
        String id = item.path("call_id").asString("");
        String name = item.path("name").asString("");
        toolNames.put(id, name);
        calls.add(new ToolCall(id, name, item.path("arguments").asString("")));
      }
      case "function_call_output" -> {
        endTurn();
        String id = item.path("call_id").asString("");
        messages.add(
            new Message(
                Role.TOOL, parts(item.path("output")), List.of(), id, toolNames.get(id), null));
      }
      case "reasoning" -> {
        if (!parts.isEmpty() || !calls.isEmpty()) {
          endTurn();
        }
        reasoning = texts(item.path("content")) + texts(item.path("summary"));
      }
      default -> throw new IllegalStateException("an item of unknown type was kept");
    }
  }

  private void message(JsonNode item) {
    String role = item.path("role").asString("");
    if (role.equals("assistant")) {
      if (!parts.isEmpty() || !calls.isEmpty()) {
        endTurn();
      }
      parts.addAll(parts(item.path("content")));
      return;
    }
    endTurn();
    Role speaker = role.equals("user") ? Role.USER : Role.SYSTEM;
    messages.add(new Message(speaker, parts(item.path("content")), List.of(), null, null, null));
  }

  private void endTurn() {
    if (!parts.isEmpty() || !calls.isEmpty() || reasoning != null) {
      messages.add(new Message(Role.ASSISTANT, parts, calls, null, null, reasoning));
      parts.clear();
      calls.clear();
      reasoning = null;
    }
  }

  private static List<Part> parts(JsonNode content) {
    if (content.isString()) {
      return List.of(new Part.Text(content.stringValue()));
    }
    List<Part> out = new ArrayList<>();
    for (JsonNode part : content.values()) {
      out.add(
          switch (part.path("type").asString("")) {
            case "input_image" ->
                new Part.Media(Part.Kind.IMAGE, part.path("image_url").asString(""));
            case "input_audio" -> new Part.Media(Part.Kind.AUDIO, "");
            case "input_file" -> new Part.Media(Part.Kind.FILE, part.path("filename").asString(""));
            default -> new Part.Text(part.path("text").asString(""));
          });
    }
    return out;
  }

  private static String texts(JsonNode parts) {
    StringBuilder out = new StringBuilder();
    parts.values().forEach(part -> out.append(part.path("text").asString("")));
    return out.toString();
  }
}

package dev.nearside.serve.openai;

import dev.nearside.chat.Message;
import dev.nearside.chat.Part;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Chat Completions' messages. */
final class MessageFields {
  private MessageFields() {}

  static List<Message> read(Fields request) {
    request.need("messages");
    List<Message> out = new ArrayList<>();
    for (Fields m : request.objects("messages")) {
      out.add(message(m));
    }
    if (out.isEmpty()) {
      throw request.wrong("messages", "must hold at least one message");
    }
    return out;
  }

  private static Message message(Fields m) {
    Role role = role(m);
    List<ToolCall> calls = calls(m);
    boolean mayBeEmpty = role == Role.ASSISTANT;
    if (!m.has("content") && !mayBeEmpty) {
      throw m.wrong("content", "is required");
    }
    if (role == Role.TOOL && m.object().path("role").asString("").equals("tool")) {
      m.needText("tool_call_id");
    }
    return new Message(
        role,
        parts(m),
        calls,
        m.text("tool_call_id").orElse(null),
        m.text("name").orElse(null),
        m.text("reasoning_content").or(() -> m.text("reasoning")).orElse(null));
  }

  private static Role role(Fields m) {
    String name = m.needText("role");
    return switch (name) {
      case "system", "developer" -> Role.SYSTEM;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool", "function" -> Role.TOOL;
      default ->
          throw m.wrong("role", "must be system, developer, user, assistant or tool: " + name);
    };
  }

  private static List<Part> parts(Fields m) {
    JsonNode content = m.find("content");
    if (content == null) {
      return List.of();
    }
    if (content.isString()) {
      return List.of(new Part.Text(content.stringValue()));
    }
    if (!content.isArray()) {
      throw m.wrong("content", "must be a string or an array of parts");
    }
    return m.objects("content").stream().map(MessageFields::part).toList();
  }

  private static Part part(Fields p) {
    String type = p.needText("type");
    return switch (type) {
      case "text", "input_text", "output_text" -> new Part.Text(p.needText("text"));
      case "refusal" -> new Part.Text(p.needText("refusal"));
      case "image_url" -> new Part.Media(Part.Kind.IMAGE, url(p, "image_url"));
      case "input_audio" -> new Part.Media(Part.Kind.AUDIO, type);
      case "video_url" -> new Part.Media(Part.Kind.VIDEO, url(p, "video_url"));
      case "file" -> new Part.Media(Part.Kind.FILE, type);
      default -> throw p.wrong("type", "is no kind of content: " + type);
    };
  }

  private static String url(Fields p, String key) {
    JsonNode node = p.need(key);
    return node.isString()
        ? node.stringValue()
        : p.object(key).orElseThrow(() -> p.wrong(key, "is required")).needText("url");
  }

  private static List<ToolCall> calls(Fields m) {
    List<ToolCall> out = new ArrayList<>();
    for (Fields call : m.objects("tool_calls")) {
      Fields function =
          call.object("function").orElseThrow(() -> call.wrong("function", "is required"));
      String arguments = function.text("arguments").orElse("{}");
      out.add(new ToolCall(call.text("id").orElse(""), function.needText("name"), arguments));
    }
    if (m.has("function_call")) {
      throw HttpProblem.invalid(
          m.name("function_call"),
          "'" + m.name("function_call") + "' is no longer used: send 'tool_calls'");
    }
    return out;
  }
}

package dev.nearside.serve.openai;

import dev.nearside.chat.Message;
import dev.nearside.chat.Part;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.reply.MediaPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Chat Completions' messages. */
final class MessageFields {
  // What a server has answered may come back as it was: annotations, refusal, reasoning.
  private static final Set<String> MESSAGE =
      Set.of(
          "role",
          "content",
          "name",
          "tool_calls",
          "tool_call_id",
          "refusal",
          "reasoning_content",
          "reasoning",
          "annotations",
          "audio",
          "function_call");

  /** Kinds of parts; each holds what it is in a field of this name. */
  private static final Set<String> PARTS =
      Set.of("text", "refusal", "image_url", "input_audio", "video_url", "file");

  private static final Set<String> CALL = Set.of("id", "type", "index", "function");

  private MessageFields() {}

  static List<Message> read(Fields request, MediaPlaces media) {
    request.need("messages");
    List<Message> out = new ArrayList<>();
    for (Fields m : request.objects("messages")) {
      out.add(message(m, media));
    }
    if (out.isEmpty()) {
      throw request.wrong("messages", "must hold at least one message");
    }
    return out;
  }

  private static Message message(Fields m, MediaPlaces media) {
    m.refuseOthers(MESSAGE);
    Role role = role(m);
    List<ToolCall> calls = calls(m);
    boolean mayBeEmpty = role == Role.ASSISTANT;
    if (!m.has("content") && !mayBeEmpty) {
      throw m.wrong("content", "is required");
    }
    if (role == Role.TOOL && m.object().path("role").asString("").equals("tool")) {
      m.needText("tool_call_id");
    }
    if (m.has("audio")) {
      throw m.wrong("audio", "can't be taken: an earlier answer in audio is not here");
    }
    return new Message(
        role,
        parts(m, media),
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

  private static List<Part> parts(Fields m, MediaPlaces media) {
    JsonNode content = m.find("content");
    if (content == null) {
      return m.text("refusal").<List<Part>>map(r -> List.of(new Part.Text(r))).orElse(List.of());
    }
    if (content.isString()) {
      return List.of(new Part.Text(content.stringValue()));
    }
    if (!content.isArray()) {
      throw m.wrong("content", "must be a string or an array of parts");
    }
    return m.objects("content").stream().map(p -> part(p, media)).toList();
  }

  private static Part part(Fields p, MediaPlaces media) {
    String type = p.needText("type");
    if (!PARTS.contains(type)) {
      throw p.wrong("type", "is no kind of content: " + type);
    }
    p.refuseOthers(Set.of("type", type, "prompt_cache_breakpoint", "cache_control"));
    return switch (type) {
      case "text" -> new Part.Text(p.needText("text"));
      case "refusal" -> new Part.Text(p.needText("refusal"));
      case "image_url" -> media.add(p, Part.Kind.IMAGE, url(p, "image_url"));
      case "input_audio" -> media.add(p, Part.Kind.AUDIO, type);
      case "video_url" -> media.add(p, Part.Kind.VIDEO, url(p, "video_url"));
      default -> media.add(p, Part.Kind.FILE, type);
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
      call.refuseOthers(CALL);
      String type = call.text("type").orElse("function");
      if (!type.equals("function")) {
        throw call.wrong("type", "must be function: " + type);
      }
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

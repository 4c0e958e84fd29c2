package dev.nearside.serve.ollama;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Message;
import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.Part;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.MediaPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A request of {@code /api/chat}.
 *
 * @param messages none = the model is only loaded or unloaded
 * @param media what in them is no text
 */
record ChatFields(
    Fields fields, List<Message> messages, MediaPlaces media, Tools tools, Generation generation) {
  static ChatFields read(Fields f) {
    MediaPlaces media = new MediaPlaces();
    return new ChatFields(f, messages(f, media), media, tools(f), GenerationFields.read(f));
  }

  /** The request for a model. */
  ChatRequest request(ModelFacts facts) {
    media.check(facts);
    if (!tools.specs().isEmpty() && !facts.can(ModelFacts.Ability.TOOLS)) {
      throw HttpProblem.invalid("tools", "\"" + facts.name() + "\" does not support tools");
    }
    Map<String, Object> args = GenerationFields.templateArgs(fields, facts);
    return new ChatRequest(messages, tools, generation, args);
  }

  /** Messages as a request, or a model to be made, has them. */
  static List<Message> messages(Fields f, MediaPlaces media) {
    return f.objects("messages").stream().map(m -> message(m, media)).toList();
  }

  private static Message message(Fields m, MediaPlaces media) {
    Role role =
        switch (m.needText("role")) {
          case "system" -> Role.SYSTEM;
          case "user" -> Role.USER;
          case "assistant" -> Role.ASSISTANT;
          case "tool" -> Role.TOOL;
          default -> throw m.wrong("role", "must be system, user, assistant or tool");
        };
    List<Part> parts = new ArrayList<>();
    m.text("content").filter(text -> !text.isEmpty()).map(Part.Text::new).ifPresent(parts::add);
    List<String> images = m.texts("images");
    for (int i = 0; i < images.size(); i++) {
      parts.add(media.add(m.name("images") + "[" + i + "]", Part.Kind.IMAGE, images.get(i)));
    }
    return new Message(
        role,
        parts,
        calls(m),
        m.text("tool_call_id").orElse(null),
        m.text("tool_name").or(() -> m.text("name")).orElse(null),
        m.text("thinking").orElse(null));
  }

  private static List<ToolCall> calls(Fields m) {
    List<ToolCall> out = new ArrayList<>();
    for (Fields call : m.objects("tool_calls")) {
      Fields function =
          call.object("function").orElseThrow(() -> call.wrong("function", "is required"));
      String arguments = function.object("arguments").map(a -> Json.text(a.object())).orElse("{}");
      out.add(new ToolCall(call.text("id").orElse(""), function.needText("name"), arguments));
    }
    return out;
  }

  private static Tools tools(Fields f) {
    List<ToolSpec> specs = new ArrayList<>();
    for (Fields tool : f.objects("tools")) {
      Fields function =
          tool.object("function").orElseThrow(() -> tool.wrong("function", "is required"));
      JsonNode parameters = function.find("parameters");
      specs.add(
          new ToolSpec(
              function.needText("name"),
              function.text("description").orElse(null),
              parameters == null ? Map.of() : map(function),
              false));
    }
    return specs.isEmpty() ? Tools.NONE : new Tools(specs, new ToolChoice.Auto(), true);
  }

  private static Map<String, Object> map(Fields function) {
    return function.object("parameters").map(p -> Json.map(p.object())).orElse(Map.of());
  }
}

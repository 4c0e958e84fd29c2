package dev.nearside.engine.prompt;

import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.Tools;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tools for models whose template knows none: they are described in the system message, calls are
 * JSON in the assistant's text, and results come from the user.
 */
final class GenericTools {
  private GenericTools() {}

  /** The same chat without anything of tools in its structure. */
  static List<Message> plain(List<Message> messages, Tools tools) {
    List<Message> out = new ArrayList<>();
    if (!tools.specs().isEmpty()) {
      out.add(Message.system(describe(tools)));
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (Message message : messages) {
      message.toolCalls().forEach(call -> names.put(call.id(), call.name()));
      add(out, plain(message, names));
    }
    return out;
  }

  // Roles take turns in the templates of older models.
  private static void add(List<Message> out, Message message) {
    Message last = out.isEmpty() ? null : out.getLast();
    boolean isSame =
        last != null && last.role() == message.role() && message.role() != Role.ASSISTANT;
    if (last != null && isSame) {
      out.removeLast();
      out.add(new Message(message.role(), last.content() + "\n\n" + message.content()));
    } else {
      out.add(message);
    }
  }

  private static Message plain(Message message, Map<String, String> names) {
    if (message.role() == Role.TOOL) {
      String name = message.name() != null ? message.name() : names.get(message.toolCallId());
      return Message.user(
          "Result of " + (name == null ? "the function" : name) + ":\n" + message.content());
    }
    if (message.toolCalls().isEmpty()) {
      return message;
    }
    String calls =
        message.toolCalls().stream().map(GenericTools::json).collect(Collectors.joining(", "));
    String text = message.toolCalls().size() == 1 ? calls : "[" + calls + "]";
    String before = message.content().isEmpty() ? "" : message.content() + "\n";
    return Message.assistant(before + text);
  }

  private static String json(ToolCall call) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", call.name());
    json.put("arguments", JsonArguments.parse(call));
    return JsonArguments.write(json);
  }

  private static String describe(Tools tools) {
    StringBuilder out = new StringBuilder();
    out.append("You can call these functions:\n");
    for (Object tool : Turns.tools(tools.specs())) {
      if (tool instanceof Map<?, ?> map && map.get("function") instanceof Object function) {
        out.append(JsonArguments.write(function)).append('\n');
      }
    }
    out.append("\nTo call a function, answer with nothing but a JSON object of this form:\n")
        .append("{\"name\": \"the function's name\", \"arguments\": {\"parameter\": \"value\"}}\n");
    if (tools.isParallel()) {
      out.append("To call several, answer with a JSON list of such objects.\n");
    }
    out.append(
        switch (tools.choice()) {
          case ToolChoice.Required required -> "You have to call a function.";
          case ToolChoice.Named(String name) -> "You have to call the function " + name + ".";
          case ToolChoice.Auto auto -> otherwise();
          case ToolChoice.None none -> otherwise();
        });
    return out.toString();
  }

  private static String otherwise() {
    return "Call a function only when it helps; otherwise, and once you have its result, answer in"
        + " plain words.";
  }
}

package dev.nearside.engine.prompt;

import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.engine.parse.syntax.CallSyntax;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a template can't show of tools, said in words: the tools themselves in the system message,
 * calls in the assistant's text as the model would write them, and results in the user's.
 */
final class ToolsInWords {
  private final Probe probe;
  private final CallText calls;

  /**
   * @param syntax how the model writes calls
   */
  ToolsInWords(Probe probe, CallSyntax syntax) {
    this.probe = probe;
    this.calls = new CallText(syntax);
  }

  /** Whether the template shows the tools by itself. */
  boolean isNative(Tools tools) {
    return tools.specs().isEmpty() || probe.takesTools();
  }

  /** The same chat with all that in words which the template can't show. */
  List<Message> say(List<Message> messages, Tools tools) {
    boolean hasCalls =
        messages.stream().anyMatch(m -> m.role() == Role.TOOL || !m.toolCalls().isEmpty());
    List<Message> said = hasCalls && !probe.takesCalls() ? withoutCalls(messages, tools) : messages;
    return isNative(tools) ? said : described(said, tools);
  }

  private List<Message> described(List<Message> messages, Tools tools) {
    List<Message> out = new ArrayList<>();
    out.add(Message.system(describe(tools)));
    messages.forEach(message -> add(out, message));
    return out;
  }

  private List<Message> withoutCalls(List<Message> messages, Tools tools) {
    boolean keepsResults = !tools.specs().isEmpty() && isNative(tools) && probe.takesResults();
    Map<String, String> names = new LinkedHashMap<>();
    List<Message> out = new ArrayList<>();
    for (Message message : messages) {
      message.toolCalls().forEach(call -> names.put(call.id(), call.name()));
      if (message.role() == Role.TOOL && !keepsResults) {
        String name = message.name() != null ? message.name() : names.get(message.toolCallId());
        String whose = name == null ? "the function" : name;
        add(out, Message.user("Result of " + whose + ":\n" + message.content()));
      } else if (!message.toolCalls().isEmpty()) {
        String before = message.content().isEmpty() ? "" : message.content() + "\n";
        out.add(Message.assistant(before + calls.of(message.toolCalls())));
      } else {
        add(out, message);
      }
    }
    return out;
  }

  // Roles take turns in the templates of older models.
  private static void add(List<Message> out, Message message) {
    Message last = out.isEmpty() ? null : out.getLast();
    boolean isSame =
        last != null
            && last.role() == message.role()
            && (message.role() == Role.USER || message.role() == Role.SYSTEM);
    if (last != null && isSame) {
      out.removeLast();
      out.add(new Message(message.role(), last.content() + "\n\n" + message.content()));
    } else {
      out.add(message);
    }
  }

  private String describe(Tools tools) {
    StringBuilder out = new StringBuilder("You can call these functions:\n");
    for (ToolSpec spec : tools.specs()) {
      out.append(JsonArguments.write(Turns.function(spec))).append('\n');
    }
    ToolCall example = new ToolCall("0", "function_name", "{\"parameter\": \"value\"}");
    out.append("\nTo call a function, answer with nothing but this:\n")
        .append(calls.of(List.of(example)))
        .append('\n');
    if (tools.isParallel()) {
      out.append("To call two, answer like this:\n")
          .append(calls.of(List.of(example, example)))
          .append('\n');
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

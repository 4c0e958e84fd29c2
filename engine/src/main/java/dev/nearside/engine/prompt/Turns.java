package dev.nearside.engine.prompt;

import dev.nearside.chat.Message;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolSpec;
import dev.nearside.jinja.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages and tools as the variables that a template wants them to be. */
final class Turns {
  private static final List<String> REASONING_KEYS =
      List.of("reasoning_content", "reasoning", "thinking");

  private final Template template;
  private final Probe probe;

  Turns(Template template, Probe probe) {
    this.template = template;
    this.probe = probe;
  }

  /** The value of {@code tools}. */
  static List<Object> tools(List<ToolSpec> specs) {
    List<Object> tools = new ArrayList<>();
    for (ToolSpec spec : specs) {
      Map<String, Object> tool = new LinkedHashMap<>();
      tool.put("type", "function");
      tool.put("function", function(spec));
      tools.add(tool);
    }
    return tools;
  }

  /** A tool's name, description and parameters. */
  static Map<String, Object> function(ToolSpec spec) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", spec.name());
    function.put("description", spec.description() == null ? "" : spec.description());
    function.put("parameters", parameters(spec));
    return function;
  }

  private static Map<String, Object> parameters(ToolSpec spec) {
    if (!spec.parameters().isEmpty()) {
      return spec.parameters();
    }
    Map<String, Object> none = new LinkedHashMap<>();
    none.put("type", "object");
    none.put("properties", Map.of());
    return none;
  }

  /** The value of {@code messages}. */
  List<Object> messages(List<Message> messages) {
    List<Message> fitting = new ArrayList<>();
    for (Message message : withoutSystem(messages)) {
      fitting.addAll(split(message));
    }
    fitting = paired(fitting);
    Map<String, String> names = new LinkedHashMap<>();
    List<Object> turns = new ArrayList<>();
    for (Message message : fitting) {
      message.toolCalls().forEach(call -> names.put(call.id(), call.name()));
      turns.add(turn(message, names));
    }
    return turns;
  }

  // A template without system messages gets their text before the first question.
  private List<Message> withoutSystem(List<Message> messages) {
    boolean hasSystem = messages.stream().anyMatch(m -> m.role() == Role.SYSTEM);
    if (!hasSystem || probe.takesSystem()) {
      return messages;
    }
    List<Message> rest = new ArrayList<>();
    StringBuilder system = new StringBuilder();
    for (Message message : messages) {
      if (message.role() == Role.SYSTEM) {
        system.append(message.content()).append("\n\n");
      } else if (message.role() == Role.USER && !system.isEmpty()) {
        rest.add(Message.user(system + message.content()));
        system.setLength(0);
      } else {
        rest.add(message);
      }
    }
    if (!system.isEmpty()) {
      rest.add(Message.user(system.toString().strip()));
    }
    return rest;
  }

  // Some templates show either the text or the calls of a message.
  private List<Message> split(Message message) {
    boolean hasBoth = !message.toolCalls().isEmpty() && !message.content().isEmpty();
    if (!hasBoth || !probe.wantsNullContent()) {
      return List.of(message);
    }
    return List.of(
        Message.assistant(message.content()),
        new Message(
            Role.ASSISTANT, List.of(), message.toolCalls(), null, null, message.reasoning()));
  }

  // Where a message may hold one call only, each call is followed by its result.
  private List<Message> paired(List<Message> messages) {
    boolean isParallel = messages.stream().anyMatch(m -> m.toolCalls().size() > 1);
    if (!isParallel || probe.takesParallelCalls()) {
      return messages;
    }
    List<Message> rest = new ArrayList<>(messages);
    List<Message> paired = new ArrayList<>();
    while (!rest.isEmpty()) {
      Message message = rest.removeFirst();
      if (message.toolCalls().size() < 2) {
        paired.add(message);
        continue;
      }
      String text = message.content();
      for (ToolCall call : message.toolCalls()) {
        paired.add(
            new Message(
                Role.ASSISTANT,
                Message.assistant(text).parts(),
                List.of(call),
                null,
                null,
                message.reasoning()));
        text = "";
        takeResult(rest, call).ifPresent(paired::add);
      }
    }
    return paired;
  }

  private static Optional<Message> takeResult(List<Message> rest, ToolCall call) {
    for (int i = 0; i < rest.size() && rest.get(i).role() == Role.TOOL; i++) {
      if (call.id().equals(rest.get(i).toolCallId())) {
        return Optional.of(rest.remove(i));
      }
    }
    return Optional.empty();
  }

  private Map<String, @Nullable Object> turn(Message message, Map<String, String> names) {
    Map<String, @Nullable Object> turn = new LinkedHashMap<>();
    turn.put("role", message.role().wireName());
    turn.put("content", content(message));
    reasoning(message, turn);
    if (!message.toolCalls().isEmpty()) {
      turn.put("tool_calls", calls(message.toolCalls()));
    }
    if (message.toolCallId() != null) {
      turn.put("tool_call_id", id(message.toolCallId()));
    }
    String name = message.name();
    if (name == null && message.toolCallId() != null) {
      name = names.get(message.toolCallId());
    }
    if (name != null) {
      turn.put("name", name);
    }
    return turn;
  }

  private @Nullable Object content(Message message) {
    String text = message.content();
    String thoughts = message.reasoning();
    if (!message.toolCalls().isEmpty() && text.isEmpty() && probe.wantsNullContent()) {
      return null;
    }
    boolean hasThoughts = thoughts != null && !thoughts.isEmpty() && probe.wantsThoughtsAsPart();
    if (!hasThoughts && !probe.wantsParts()) {
      return text;
    }
    List<Object> parts = new ArrayList<>();
    if (hasThoughts) {
      parts.add(Map.of("type", "thinking", "thinking", String.valueOf(thoughts)));
    }
    if (!text.isEmpty() || parts.isEmpty()) {
      parts.add(part(text));
    }
    return parts;
  }

  private static Map<String, Object> part(String text) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("type", "text");
    part.put("text", text);
    return part;
  }

  // gpt-oss's template refuses thoughts beside text in a message with calls.
  private void reasoning(Message message, Map<String, @Nullable Object> turn) {
    String thoughts = message.reasoning();
    if (thoughts == null || thoughts.isEmpty()) {
      return;
    }
    boolean hasBoth = !message.toolCalls().isEmpty() && !message.content().isEmpty();
    for (String key : REASONING_KEYS) {
      if (template.mentions(key) && !(key.equals("thinking") && hasBoth)) {
        turn.put(key, thoughts);
      }
    }
  }

  private List<Object> calls(List<ToolCall> calls) {
    List<Object> out = new ArrayList<>();
    for (ToolCall call : calls) {
      Map<String, Object> function = new LinkedHashMap<>();
      function.put("name", call.name());
      function.put(
          "arguments", probe.wantsArgumentsAsText() ? call.arguments() : JsonArguments.parse(call));
      Map<String, Object> turn = new LinkedHashMap<>();
      turn.put("id", id(call.id()));
      turn.put("type", "function");
      turn.put("function", function);
      out.add(turn);
    }
    return out;
  }

  private String id(String id) {
    return probe.wantsShortIds() ? ShortId.of(id) : id;
  }
}

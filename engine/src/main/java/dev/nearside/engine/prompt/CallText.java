package dev.nearside.engine.prompt;

import dev.nearside.chat.ToolCall;
import dev.nearside.engine.parse.syntax.CallPart;
import dev.nearside.engine.parse.syntax.CallSyntax;
import dev.nearside.engine.parse.syntax.JsonKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Calls as a model would write them, for templates that can't show them. */
final class CallText {
  private static final JsonKeys USUAL = JsonKeys.USUAL;

  private final CallSyntax syntax;

  CallText(CallSyntax syntax) {
    this.syntax = syntax;
  }

  /** The calls, all of one reply; in a syntax that is no JSON, as plain JSON. */
  String of(List<ToolCall> calls) {
    boolean isKnown =
        syntax.call().stream()
            .noneMatch(part ->
                part instanceof CallPart.Parameters
                    || part instanceof CallPart.NestedTags
                    || part instanceof CallPart.BareObject
                    || part instanceof CallPart.Code);
    if (!isKnown) {
      return json(calls, USUAL, calls.size() > 1);
    }
    boolean isTogether =
        syntax.call().stream()
            .anyMatch(part ->
                part instanceof CallPart.PythonCalls
                    || (part instanceof CallPart.JsonCalls(JsonKeys keys, boolean isList)
                        && (isList || isBare())));
    List<List<ToolCall>> groups =
        isTogether ? List.of(calls) : calls.stream().map(List::of).toList();
    String text = groups.stream().map(this::one).collect(Collectors.joining(syntax.between()));
    CallSyntax.Section section = syntax.section();
    return section == null ? text : section.open() + text + section.close();
  }

  /** Whether calls stand without any marker. */
  private boolean isBare() {
    return syntax.call().size() == 1;
  }

  private String one(List<ToolCall> calls) {
    ToolCall first = calls.getFirst();
    StringBuilder out = new StringBuilder();
    for (CallPart part : syntax.call()) {
      out.append(
          switch (part) {
            case CallPart.Literal(String text) -> text;
            case CallPart.Name name -> first.name();
            case CallPart.Id(String open) -> open + first.id();
            case CallPart.Index(String open, boolean isId) -> open + "0";
            case CallPart.Arguments arguments -> first.arguments();
            case CallPart.JsonCalls(JsonKeys keys, boolean isList) ->
                json(calls, keys, isList || calls.size() > 1);
            case CallPart.PythonCalls python ->
                calls.stream().map(CallText::python).collect(Collectors.joining(", ", "[", "]"));
            case CallPart.Parameters tags -> "";
            case CallPart.NestedTags tags -> "";
            case CallPart.BareObject object -> "";
            case CallPart.Code code -> "";
          });
    }
    return out.toString();
  }

  private static String json(List<ToolCall> calls, JsonKeys keys, boolean isList) {
    String all = calls.stream().map(call -> json(call, keys)).collect(Collectors.joining(", "));
    return isList ? "[" + all + "]" : all;
  }

  private static String json(ToolCall call, JsonKeys keys) {
    String name = JsonArguments.write(call.name());
    if (keys.name() == null) {
      return "{" + name + ": " + call.arguments() + "}";
    }
    String id = keys.id() == null ? "" : quote(keys.id()) + JsonArguments.write(call.id());
    String rest = quote(keys.name()) + name + ", " + quote(keys.arguments()) + call.arguments();
    if (id.isEmpty()) {
      return "{" + rest + "}";
    }
    return keys.isIdLast() ? "{" + rest + ", " + id + "}" : "{" + id + ", " + rest + "}";
  }

  private static String quote(String key) {
    return JsonArguments.write(key) + ": ";
  }

  private static String python(ToolCall call) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    if (JsonArguments.parse(call) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> arguments.put(String.valueOf(key), value));
    }
    return arguments.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + literal(entry.getValue()))
        .collect(Collectors.joining(", ", call.name() + "(", ")"));
  }

  private static String literal(Object value) {
    return switch (value) {
      case Boolean flag -> flag ? "True" : "False";
      default -> JsonArguments.write(value);
    };
  }
}

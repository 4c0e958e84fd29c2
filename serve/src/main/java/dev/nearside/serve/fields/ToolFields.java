package dev.nearside.serve.fields;

import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The tools of OpenAI's requests. Chat Completions puts a function's name into an object {@code
 * function}, Responses does not.
 */
public final class ToolFields {
  private static final Set<String> FUNCTION =
      Set.of("name", "description", "parameters", "strict", "type");
  private static final Set<String> FLAT =
      Set.of(
          "name",
          "description",
          "parameters",
          "strict",
          "type",
          "output_schema",
          "defer_loading",
          "allowed_callers");

  private ToolFields() {}

  /** Chat Completions' tools. */
  public static Tools read(Fields request) {
    return read(request, true);
  }

  /** Responses' tools. */
  public static Tools readFlat(Fields request) {
    return read(request, false);
  }

  private static Tools read(Fields request, boolean isNested) {
    List<ToolSpec> specs = new ArrayList<>();
    for (Fields tool : request.objects("tools")) {
      String type = tool.needText("type");
      if (!type.equals("function")) {
        throw tool.wrong("type", "must be 'function': '" + type + "' can't be run here");
      }
      if (isNested) {
        tool.refuseOthers(Set.of("type", "function"));
      }
      specs.add(spec(holder(tool, isNested), isNested ? FUNCTION : FLAT));
    }
    boolean isParallel = request.flag("parallel_tool_calls", true);
    return choose(request, specs, isParallel, isNested);
  }

  private static Fields holder(Fields tool, boolean isNested) {
    return isNested
        ? tool.object("function").orElseThrow(() -> tool.wrong("function", "is required"))
        : tool;
  }

  private static ToolSpec spec(Fields function, Set<String> known) {
    function.refuseOthers(known);
    Map<String, Object> parameters =
        function.object("parameters").map(p -> Json.map(p.object())).orElse(Map.of());
    return new ToolSpec(
        function.needText("name"),
        function.text("description").orElse(null),
        parameters,
        function.flag("strict", false));
  }

  private static Tools choose(
      Fields request, List<ToolSpec> specs, boolean isParallel, boolean isNested) {
    JsonNode node = request.find("tool_choice");
    if (node == null) {
      return new Tools(specs, new ToolChoice.Auto(), isParallel);
    }
    if (node.isString()) {
      ToolChoice choice = mode(request, "tool_choice", node.stringValue());
      if (choice instanceof ToolChoice.Required && specs.isEmpty()) {
        throw request.wrong("tool_choice", "needs 'tools'");
      }
      return new Tools(specs, choice, isParallel);
    }
    Fields given =
        request
            .object("tool_choice")
            .orElseThrow(() -> request.wrong("tool_choice", "must be a string or an object"));
    String type = given.needText("type");
    return switch (type) {
      case "function" -> {
        String name = holder(given, isNested).needText("name");
        checkKnown(request, specs, name);
        yield new Tools(specs, new ToolChoice.Named(name), isParallel);
      }
      case "allowed_tools" -> allowed(request, given, specs, isParallel, isNested);
      default -> throw given.wrong("type", "must be function or allowed_tools: " + type);
    };
  }

  // The others are not shown to the model: what it does not know it can't call.
  private static Tools allowed(
      Fields request, Fields given, List<ToolSpec> specs, boolean isParallel, boolean isNested) {
    Optional<Fields> inner = given.object("allowed_tools");
    Fields list = isNested && inner.isPresent() ? inner.get() : given;
    Set<String> names = new LinkedHashSet<>();
    for (Fields tool : list.objects("tools")) {
      String name = holder(tool, isNested).needText("name");
      checkKnown(request, specs, name);
      names.add(name);
    }
    List<ToolSpec> left = specs.stream().filter(s -> names.contains(s.name())).toList();
    return new Tools(left, mode(list, "mode", list.needText("mode")), isParallel);
  }

  private static ToolChoice mode(Fields f, String key, String mode) {
    return switch (mode) {
      case "auto" -> new ToolChoice.Auto();
      case "none" -> new ToolChoice.None();
      case "required", "any" -> new ToolChoice.Required();
      default -> throw f.wrong(key, "must be none, auto or required");
    };
  }

  private static void checkKnown(Fields request, List<ToolSpec> specs, String name) {
    if (specs.stream().noneMatch(s -> s.name().equals(name))) {
      throw request.wrong("tool_choice", "names a function that is not among 'tools': " + name);
    }
  }
}

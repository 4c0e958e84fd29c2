package dev.nearside.serve.openai;

import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Chat Completions' tools. */
final class ToolFields {
  private ToolFields() {}

  static Tools read(Fields request) {
    List<ToolSpec> specs = new ArrayList<>();
    for (Fields tool : request.objects("tools")) {
      String type = tool.needText("type");
      if (!type.equals("function")) {
        throw tool.wrong("type", "must be 'function': '" + type + "' can't be run here");
      }
      specs.add(
          spec(tool.object("function").orElseThrow(() -> tool.wrong("function", "is required"))));
    }
    return new Tools(specs, choice(request, specs), request.flag("parallel_tool_calls", true));
  }

  private static ToolSpec spec(Fields function) {
    Map<String, Object> parameters =
        function.object("parameters").map(p -> Json.map(p.object())).orElse(Map.of());
    return new ToolSpec(
        function.needText("name"),
        function.text("description").orElse(null),
        parameters,
        function.flag("strict", false));
  }

  private static ToolChoice choice(Fields request, List<ToolSpec> specs) {
    JsonNode node = request.find("tool_choice");
    if (node == null) {
      return new ToolChoice.Auto();
    }
    if (node.isString()) {
      ToolChoice choice =
          switch (node.stringValue()) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required", "any" -> new ToolChoice.Required();
            default -> throw request.wrong("tool_choice", "must be none, auto or required");
          };
      if (choice instanceof ToolChoice.Required && specs.isEmpty()) {
        throw request.wrong("tool_choice", "needs 'tools'");
      }
      return choice;
    }
    Fields named =
        request
            .object("tool_choice")
            .flatMap(c -> c.object("function"))
            .orElseThrow(() -> request.wrong("tool_choice", "must name a function"));
    String name = named.needText("name");
    if (specs.stream().noneMatch(s -> s.name().equals(name))) {
      throw request.wrong("tool_choice", "names a function that is not among 'tools': " + name);
    }
    return new ToolChoice.Named(name);
  }
}

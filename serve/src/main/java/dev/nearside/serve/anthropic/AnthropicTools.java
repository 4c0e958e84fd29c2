package dev.nearside.serve.anthropic;

import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tools of a Messages request. */
final class AnthropicTools {
  // What changes how Anthropic bills or loads a tool changes nothing here.
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "name",
          "description",
          "input_schema",
          "strict",
          "cache_control",
          "input_examples",
          "eager_input_streaming",
          "defer_loading",
          "allowed_callers");

  private AnthropicTools() {}

  static Tools read(Fields request) {
    List<ToolSpec> specs = new ArrayList<>();
    for (Fields tool : request.objects("tools")) {
      String type = tool.text("type").orElse("custom");
      if (!type.equals("custom")) {
        throw tool.wrong("type", "must be 'custom': '" + type + "' can't be run here");
      }
      tool.refuseOthers(KNOWN);
      Map<String, Object> schema =
          tool.object("input_schema")
              .map(s -> Json.map(s.object()))
              .orElseThrow(() -> tool.wrong("input_schema", "is required"));
      specs.add(
          new ToolSpec(
              tool.needText("name"),
              tool.text("description").orElse(null),
              schema,
              tool.flag("strict", false)));
    }
    return request
        .object("tool_choice")
        .map(choice -> choose(choice, specs))
        .orElse(new Tools(specs, new ToolChoice.Auto(), true));
  }

  private static Tools choose(Fields choice, List<ToolSpec> specs) {
    choice.refuseOthers(Set.of("type", "name", "disable_parallel_tool_use"));
    String type = choice.needText("type");
    ToolChoice chosen =
        switch (type) {
          case "auto" -> new ToolChoice.Auto();
          case "none" -> new ToolChoice.None();
          case "any" -> new ToolChoice.Required();
          case "tool" -> named(choice, specs);
          default -> throw choice.wrong("type", "must be auto, any, tool or none");
        };
    if (chosen instanceof ToolChoice.Required && specs.isEmpty()) {
      throw choice.wrong("type", "needs 'tools'");
    }
    return new Tools(specs, chosen, !choice.flag("disable_parallel_tool_use", false));
  }

  private static ToolChoice named(Fields choice, List<ToolSpec> specs) {
    String name = choice.needText("name");
    if (specs.stream().noneMatch(s -> s.name().equals(name))) {
      throw choice.wrong("name", "is not among 'tools': " + name);
    }
    return new ToolChoice.Named(name);
  }
}

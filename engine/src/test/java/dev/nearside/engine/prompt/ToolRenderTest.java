package dev.nearside.engine.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Message;
import dev.nearside.chat.Part;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.engine.TinyTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real templates with tools, compared with what transformers renders when somebody who knows the
 * template gives it the chat in the right shape (src/test/golden/prompt). The templates come from
 * the folder of shared cases: named by the property {@code nearside.cases} or the variable {@code
 * NEARSIDE_CASES}, else beside the repository.
 */
class ToolRenderTest {
  private static final Clock CLOCK =
      Clock.fixed(LocalDateTime.of(2026, 1, 2, 3, 4, 5).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Test
  void render_callAndResult_equalsTransformers() throws IOException {
    List<String> differences = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/golden/prompt/tool_renders.jsonl"))) {
      JsonNode row = MAPPER.readTree(line);
      String name = row.get("template").asString();
      String id = name.contains("istral") ? "abcdef012" : "call_1";
      String got = template(name).render(request(id)).text();
      if (!got.equals(row.get("expect").asString())) {
        differences.add(name + "\n" + row.get("expect").asString() + "\ngot\n" + got);
      }
    }
    assertEquals(List.of(), differences, () -> String.join("\n\n", differences));
  }

  private static ChatTemplate template(String name) throws IOException {
    String variable =
        Objects.requireNonNullElse(System.getenv("NEARSIDE_CASES"), "../../shared/cases");
    Path folder = Path.of(System.getProperty("nearside.cases", variable), "chat-templates");
    Path file = folder.resolve("templates/" + name + ".jinja");
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    return ChatTemplate.parse(Files.readString(file), TinyTokenizer.create(), CLOCK);
  }

  private static ChatRequest request(String id) {
    Map<String, Object> city = new LinkedHashMap<>();
    city.put("type", "string");
    city.put("description", "Where.");
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("type", "object");
    parameters.put("properties", Map.of("city", city));
    parameters.put("required", List.of("city"));
    ToolSpec tool = new ToolSpec("get_time", "Tells the time.", parameters, false);
    ToolCall call = new ToolCall(id, "get_time", "{\"city\": \"Ulm\"}");
    List<Message> messages =
        List.of(
            Message.system("Be brief."),
            Message.user("How late is it?"),
            new Message(
                Role.ASSISTANT, List.of(new Part.Text("")), List.of(call), null, null, null),
            Message.tool(id, null, "12:30"));
    return new ChatRequest(
        messages,
        new Tools(List.of(tool), new ToolChoice.Auto(), true),
        Generation.DEFAULTS,
        Map.of());
  }
}

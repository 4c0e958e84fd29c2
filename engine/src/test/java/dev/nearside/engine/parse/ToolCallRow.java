package dev.nearside.engine.parse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Message;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Part;
import dev.nearside.chat.Role;
import dev.nearside.chat.ToolCall;
import dev.nearside.chat.ToolChoice;
import dev.nearside.chat.ToolSpec;
import dev.nearside.chat.Tools;
import dev.nearside.engine.prompt.ChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One reply of a model and what is in it, as collected for llama.cpp, where the folder of shared
 * cases is there: named by the property {@code nearside.cases} or the variable {@code
 * NEARSIDE_CASES}, else beside the repository.
 *
 * @param number in the file, from 0
 */
public record ToolCallRow(int number, Path folder, JsonNode json) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** All rows; the test is skipped where they are not there. */
  public static List<ToolCallRow> all() throws IOException {
    Path folder = cases();
    List<String> lines =
        Files.readAllLines(folder.resolve("tool-call-parsing/llama_cpp_chat_cases.jsonl"));
    List<ToolCallRow> rows = new ArrayList<>();
    for (String line : lines) {
      rows.add(new ToolCallRow(rows.size(), folder, MAPPER.readTree(line)));
    }
    return rows;
  }

  private static Path cases() {
    String variable =
        Objects.requireNonNullElse(System.getenv("NEARSIDE_CASES"), "../../shared/cases");
    Path folder = Path.of(System.getProperty("nearside.cases", variable));
    assumeTrue(Files.exists(folder.resolve("tool-call-parsing")), "skipped: there is no " + folder);
    return folder;
  }

  /** The template's file name. */
  public String template() {
    return json.get("template").asString();
  }

  /** The template's text. */
  public String source() throws IOException {
    return Files.readString(folder.resolve("chat-templates/templates/" + template()));
  }

  /** What the model wrote. */
  public String input() {
    return json.get("input").asString();
  }

  /** What was asked of it. */
  public ChatRequest request() {
    return request(json);
  }

  /** Where {@code got} is not what the row expects; null = nowhere. */
  public @Nullable String difference(
      ChatTemplate template, ChatRequest request, ChatTemplate.Prompt prompt, Parsed got) {
    Message last = request.messages().getLast();
    boolean goesOn = last.role() == Role.ASSISTANT;
    String before = goesOn ? last.content() : "";
    String thoughts =
        goesOn && last.reasoning() != null && prompt.text().contains(last.reasoning())
            ? last.reasoning()
            : "";
    JsonNode expect = json.get("expect");
    List<String> wrong = new ArrayList<>();
    compare(wrong, "content", expect.get("content").asString(), before + got.text());
    compare(
        wrong, "reasoning", expect.get("reasoning_content").asString(), thoughts + got.reasoning());
    compareCalls(wrong, expect.get("tool_calls"), got.calls());
    return wrong.isEmpty() ? null : template.format().name() + " " + prompt.start() + " " + wrong;
  }

  private static void compareCalls(List<String> wrong, JsonNode expected, List<ToolCall> got) {
    compare(wrong, "number of calls", expected.size(), got.size());
    for (int i = 0; i < Math.min(expected.size(), got.size()); i++) {
      JsonNode call = expected.get(i);
      compare(wrong, "name", call.get("name").asString(), got.get(i).name());
      String id = call.get("id").asString();
      if (!id.isEmpty()) {
        compare(wrong, "id", id, got.get(i).id());
      }
      compare(
          wrong, "arguments", json(call.get("arguments").asString()), json(got.get(i).arguments()));
    }
  }

  // Arguments of a reply that breaks off are no JSON; they compare as text.
  private static Object json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      return text;
    }
  }

  private static void compare(List<String> wrong, String what, Object expected, Object got) {
    if (!expected.equals(got)) {
      wrong.add(what + ": expected " + expected + ", got " + got);
    }
  }

  private static ChatRequest request(JsonNode row) {
    List<Message> messages = new ArrayList<>();
    if (row.get("messages").isNull()) {
      messages.add(Message.user("Hey there!"));
    } else {
      for (JsonNode message : row.get("messages")) {
        messages.add(message(message));
      }
    }
    JsonNode params = row.get("params");
    Map<String, Object> args = new LinkedHashMap<>();
    if (params.has("enable_thinking")) {
      args.put("enable_thinking", params.get("enable_thinking").asBoolean());
    }
    if (params
        .path("reasoning_format")
        .asString("COMMON_REASONING_FORMAT_NONE")
        .endsWith("_NONE")) {
      args.put("reasoning_format", "none");
    }
    OutputFormat output =
        params.has("json_schema")
            ? new OutputFormat.JsonSchema(
                MAPPER.readValue(params.get("json_schema").asString(), Object.class))
            : OutputFormat.TEXT;
    boolean isParallel = params.path("parallel_tool_calls").asBoolean(false);
    Tools tools = new Tools(specs(row.get("tools")), new ToolChoice.Auto(), isParallel);
    return new ChatRequest(messages, tools, Generation.DEFAULTS.withFormat(output), args);
  }

  private static Message message(JsonNode message) {
    Role role = message.get("role").asString().equals("user") ? Role.USER : Role.ASSISTANT;
    String thoughts = message.path("reasoning_content").asString("");
    return new Message(
        role,
        List.of(new Part.Text(message.get("content").asString())),
        List.of(),
        null,
        null,
        thoughts.isEmpty() ? null : thoughts);
  }

  private static List<ToolSpec> specs(JsonNode tools) {
    List<ToolSpec> specs = new ArrayList<>();
    for (JsonNode tool : tools) {
      JsonNode function = tool.get("function");
      Map<String, Object> parameters =
          MAPPER.convertValue(
              function.get("parameters"), new TypeReference<Map<String, Object>>() {});
      specs.add(
          new ToolSpec(
              function.get("name").asString(),
              function.get("description").asString(),
              parameters,
              false));
    }
    return specs;
  }
}

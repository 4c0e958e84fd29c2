package dev.nearside.serve.responses;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Sampling;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.openai.Replies;
import java.time.Clock;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The response object, which repeats what was asked and grows as the answer does. */
final class ResponseBody {
  private final String id;
  private final ResponseFields asked;
  private final Clock clock;
  private final long created;

  ResponseBody(String id, ResponseFields asked, Clock clock) {
    this.id = id;
    this.asked = asked;
    this.clock = clock;
    this.created = clock.instant().getEpochSecond();
  }

  /** While the answer is being written. */
  ObjectNode begun() {
    return body("in_progress", List.of());
  }

  /**
   * The whole answer.
   *
   * @param reasoningTokens tokens of the reply that are thoughts
   */
  ObjectNode finished(List<JsonNode> output, Finished end, int reasoningTokens) {
    boolean isWhole = end.reason() == FinishReason.STOP || end.reason() == FinishReason.TOOL_CALLS;
    ObjectNode out = body(isWhole ? "completed" : "incomplete", output);
    if (isWhole) {
      out.put("completed_at", clock.instant().getEpochSecond());
    } else if (end.reason() == FinishReason.LENGTH) {
      out.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    ObjectNode usage = out.putObject("usage").put("input_tokens", end.usage().promptTokens());
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", end.usage().cachedTokens())
        .put("cache_write_tokens", 0);
    usage.put("output_tokens", end.usage().completionTokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", reasoningTokens);
    usage.put("total_tokens", end.usage().promptTokens() + end.usage().completionTokens());
    out.set("timings", Replies.timings(end));
    return out;
  }

  /** The answer that an error ended. */
  ObjectNode failed(List<JsonNode> output, HttpProblem problem) {
    ObjectNode out = body("failed", output);
    String code = problem.status() < 500 ? "invalid_prompt" : "server_error";
    out.putObject("error").put("code", code).put("message", problem.getMessage());
    return out;
  }

  private ObjectNode body(String status, List<JsonNode> output) {
    Fields f = asked.fields();
    Sampling sampling = asked.request().generation().sampling();
    ObjectNode out =
        Json.object()
            .put("id", id)
            .put("object", "response")
            .put("created_at", created)
            .putNull("completed_at")
            .put("status", status)
            .put("background", false)
            .putNull("error")
            .putNull("incomplete_details");
    copy(f, "instructions", out);
    copy(f, "max_output_tokens", out);
    copy(f, "max_tool_calls", out);
    out.put("model", asked.model());
    ArrayNode items = out.putArray("output");
    output.forEach(items::add);
    out.put("parallel_tool_calls", asked.request().tools().isParallel());
    copy(f, "previous_response_id", out);
    copy(f, "prompt_cache_key", out);
    out.set("reasoning", reasoning(f));
    copy(f, "safety_identifier", out);
    out.put("service_tier", "default").put("store", asked.isKept());
    out.put("temperature", sampling.temperature()).put("top_p", sampling.topP());
    out.set("text", text(f));
    JsonNode choice = f.find("tool_choice");
    out.set("tool_choice", choice == null ? Json.tree("auto") : choice);
    out.set("tools", tools(f));
    copy(f, "top_logprobs", out);
    out.put("truncation", "disabled");
    f.text("user").ifPresent(user -> out.put("user", user));
    out.set("metadata", f.object("metadata").map(Fields::object).orElseGet(Json::object));
    return out;
  }

  private static void copy(Fields from, String key, ObjectNode to) {
    JsonNode value = from.find(key);
    if (value == null) {
      to.putNull(key);
    } else {
      to.set(key, value);
    }
  }

  private static ObjectNode reasoning(Fields f) {
    ObjectNode out = Json.object().putNull("effort").putNull("summary");
    f.object("reasoning")
        .ifPresent(asked -> {
          copy(asked, "effort", out);
          copy(asked, "summary", out);
        });
    return out;
  }

  private static ObjectNode text(Fields f) {
    ObjectNode out = Json.object();
    JsonNode format = f.object("text").map(t -> t.find("format")).orElse(null);
    out.set("format", format == null ? Json.object().put("type", "text") : format);
    return out;
  }

  private static ArrayNode tools(Fields f) {
    ArrayNode out = Json.array();
    // All that were sent, also where tool_choice leaves only some of them.
    for (Fields tool : f.objects("tools")) {
      ObjectNode node = out.addObject().put("type", "function").put("name", tool.needText("name"));
      copy(tool, "description", node);
      copy(tool, "parameters", node);
      node.put("strict", tool.flag("strict", false));
    }
    return out;
  }
}

package dev.nearside.serve.responses;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Tools;
import dev.nearside.serve.fields.AdapterFields;
import dev.nearside.serve.fields.EffortFields;
import dev.nearside.serve.fields.FormatFields;
import dev.nearside.serve.fields.SamplingFields;
import dev.nearside.serve.fields.ToolFields;
import dev.nearside.serve.fields.UrgencyFields;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.reply.KeepAlive;
import dev.nearside.serve.reply.MediaPlaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A Responses request.
 *
 * @param fields as it came, for what the answer repeats
 * @param items the whole conversation, that of earlier responses too
 * @param media what in it is no text
 * @param isKept whether the answer is kept
 */
record ResponseFields(
    String model,
    Fields fields,
    ChatRequest request,
    List<JsonNode> items,
    MediaPlaces media,
    @Nullable Duration keepAlive,
    boolean isKept,
    boolean isStream) {

  /** Fields that OpenAI documents and that change nothing here. */
  private static final Shape WITHOUT_EFFECT =
      Shape.EMPTY
          .with(
              FieldType.TEXT,
              "user",
              "service_tier",
              "prompt_cache_key",
              "prompt_cache_retention",
              "safety_identifier",
              "truncation")
          .with(
              FieldType.OBJECT, "metadata", "moderation", "prompt_cache_options", "stream_options")
          .with(FieldType.FLAG, "background", "return_progress", "timings_per_token")
          .with(FieldType.WHOLE, "max_tool_calls");

  /** What the prompt is made of: enough to count its tokens. */
  private static final Shape PROMPT =
      Shape.EMPTY
          .with(FieldType.TEXT, "model", "instructions", "previous_response_id")
          .with(FieldType.ANY, "input", "tool_choice")
          .with(FieldType.LIST, "tools")
          .with(FieldType.FLAG, "parallel_tool_calls")
          .with(FieldType.OBJECT, "text", "reasoning", "chat_template_kwargs");

  static final Shape SHAPE =
      PROMPT
          .with(FieldType.WHOLE, "max_output_tokens", "top_logprobs", "priority", "timeout_ms")
          .with(FieldType.LIST, "include", "lora")
          .with(FieldType.FLAG, "store", "stream")
          .with(FieldType.ANY, "keep_alive")
          .and(SamplingFields.SHAPE)
          .and(WITHOUT_EFFECT)
          .needs("model", "input");

  static final Shape COUNT_SHAPE =
      PROMPT.with(FieldType.TEXT, "truncation", "personality").needs("model", "input");

  private static final String KEPT_BY_CALLER = "can't be used: send the items themselves";

  private static final Map<String, String> REFUSED =
      Map.of(
          "conversation", KEPT_BY_CALLER,
          "prompt", "can't be used: there are no prompts of the dashboard here",
          "context_management", "can't be used: this server does not shorten conversations");

  private static final String LOGPROBS = "message.output_text.logprobs";

  static ResponseFields read(Fields f, ResponseShelf shelf) {
    f.refuse(REFUSED);
    SHAPE.check(f);
    if (f.flag("background", false)) {
      throw f.wrong("background", "must be false: answers are given at once");
    }
    checkTruncation(f);
    Generation generation =
        new Generation(
            SamplingFields.read(f),
            new Limits(f.whole("max_output_tokens", 1, Integer.MAX_VALUE).orElse(0), List.of()),
            format(f),
            logprobs(f),
            AdapterFields.read(f),
            UrgencyFields.read(f));
    ResponseFields prompt = prompt(f, shelf);
    return new ResponseFields(
        prompt.model,
        f,
        prompt.request.withGeneration(generation),
        prompt.items,
        prompt.media,
        KeepAlive.read(f),
        f.flag("store", true),
        f.flag("stream", false));
  }

  /** A request whose tokens are to be counted. */
  static ResponseFields readToCount(Fields f, ResponseShelf shelf) {
    f.refuse(REFUSED);
    COUNT_SHAPE.check(f);
    checkTruncation(f);
    format(f);
    return prompt(f, shelf);
  }

  private static ResponseFields prompt(Fields f, ResponseShelf shelf) {
    MediaPlaces media = new MediaPlaces();
    List<JsonNode> items = new ArrayList<>(earlier(f, shelf));
    items.addAll(new ItemFields(shelf, media).read(f));
    if (items.isEmpty()) {
      throw f.wrong("input", "must hold at least one item");
    }
    Tools tools = ToolFields.readFlat(f);
    ChatRequest request =
        new ChatRequest(
            ItemMessages.of(f.text("instructions").orElse(null), items),
            tools,
            Generation.DEFAULTS,
            templateArgs(f));
    return new ResponseFields(f.needText("model"), f, request, items, media, null, false, false);
  }

  private static List<JsonNode> earlier(Fields f, ResponseShelf shelf) {
    String id = f.text("previous_response_id").orElse(null);
    if (id == null) {
      return List.of();
    }
    return shelf
        .conversation(id)
        .orElseThrow(() ->
            HttpProblem.invalid(
                "previous_response_id", "the response '" + id + "' is not kept here"));
  }

  private static void checkTruncation(Fields f) {
    if (!f.text("truncation").orElse("disabled").equals("disabled")) {
      throw f.wrong("truncation", "must be disabled: this server leaves nothing out");
    }
  }

  private static OutputFormat format(Fields f) {
    Fields text = f.object("text").orElse(null);
    if (text == null) {
      return OutputFormat.TEXT;
    }
    text.refuseOthers(Set.of("format", "verbosity"));
    return text.object("format")
        .map(format -> {
          format.refuseOthers(Set.of("type", "name", "description", "schema", "strict"));
          if (format.needText("type").equals("json_schema")) {
            format.needText("name");
          }
          return FormatFields.format(format);
        })
        .orElse(OutputFormat.TEXT);
  }

  private static @Nullable Integer logprobs(Fields f) {
    OptionalInt top = f.whole("top_logprobs", 0, 20);
    boolean isWanted = f.texts("include").contains(LOGPROBS);
    return top.isPresent() && (isWanted || top.getAsInt() > 0)
        ? Integer.valueOf(top.getAsInt())
        : isWanted ? Integer.valueOf(0) : null;
  }

  private static Map<String, Object> templateArgs(Fields f) {
    Map<String, Object> out = new LinkedHashMap<>();
    f.object("reasoning")
        .ifPresent(reasoning -> {
          reasoning.refuseOthers(
              Set.of("effort", "summary", "generate_summary", "mode", "context"));
          EffortFields.read(reasoning, "effort", out);
        });
    f.object("chat_template_kwargs").ifPresent(args -> out.putAll(Json.map(args.object())));
    out.values().removeIf(value -> value == null);
    return out;
  }
}

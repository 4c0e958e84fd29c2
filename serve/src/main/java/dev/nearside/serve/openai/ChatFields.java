package dev.nearside.serve.openai;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.serve.fields.AdapterFields;
import dev.nearside.serve.fields.EffortFields;
import dev.nearside.serve.fields.FormatFields;
import dev.nearside.serve.fields.SamplingFields;
import dev.nearside.serve.fields.ToolFields;
import dev.nearside.serve.fields.UrgencyFields;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.reply.KeepAlive;
import dev.nearside.serve.reply.MediaPlaces;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Chat Completions request.
 *
 * @param media what in it is no text
 * @param count replies wanted
 * @param isStream whether it is answered piece by piece
 * @param hasUsage whether the stream ends with the usage
 */
public record ChatFields(
    String model,
    ChatRequest request,
    MediaPlaces media,
    @Nullable Duration keepAlive,
    int count,
    boolean isStream,
    boolean hasUsage) {
  private static final int MAX_COUNT = 128;

  /** Fields that OpenAI or llama.cpp document and that change nothing here. */
  private static final Shape WITHOUT_EFFECT =
      Shape.EMPTY
          .with(
              FieldType.TEXT,
              "user",
              "service_tier",
              "prompt_cache_key",
              "prompt_cache_retention",
              "safety_identifier",
              "verbosity")
          .with(FieldType.OBJECT, "metadata", "prediction", "moderation", "prompt_cache_options")
          .with(FieldType.FLAG, "store", "cache_prompt", "return_progress", "timings_per_token")
          .with(FieldType.WHOLE, "id_slot");

  /** What belongs to the messages: enough to render or count them. */
  public static final Shape MESSAGES =
      Shape.EMPTY
          .with(FieldType.TEXT, "model", "reasoning_effort")
          .with(FieldType.LIST, "messages", "tools")
          .with(FieldType.ANY, "tool_choice")
          .with(FieldType.FLAG, "parallel_tool_calls")
          .with(FieldType.OBJECT, "chat_template_kwargs");

  /** All fields. */
  static final Shape SHAPE =
      MESSAGES
          .with(
              FieldType.WHOLE,
              "n",
              "max_tokens",
              "max_completion_tokens",
              "top_logprobs",
              "priority",
              "timeout_ms")
          .with(FieldType.FLAG, "stream", "logprobs")
          .with(FieldType.OBJECT, "stream_options")
          .with(FieldType.LIST, "modalities", "lora")
          .with(FieldType.ANY, "stop", "keep_alive")
          .and(SamplingFields.SHAPE)
          .and(FormatFields.SHAPE)
          .and(WITHOUT_EFFECT)
          .needs("model", "messages");

  /** What OpenAI documents and can't be done here, and why. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "functions", "is no longer used: send 'tools'",
          "function_call", "is no longer used: send 'tool_choice'",
          "audio", "can't be answered: models write text here",
          "web_search_options", "can't be used: this server does not search the web");

  static ChatFields read(Fields f) {
    f.refuse(REFUSED);
    SHAPE.check(f);
    checkModalities(f);
    MediaPlaces media = new MediaPlaces();
    Generation generation =
        new Generation(
            SamplingFields.read(f),
            new Limits(maxTokens(f), f.texts("stop")),
            FormatFields.read(f),
            logprobs(f),
            AdapterFields.read(f),
            UrgencyFields.read(f));
    return new ChatFields(
        f.needText("model"),
        messages(f, media).withGeneration(generation),
        media,
        KeepAlive.read(f),
        f.whole("n", 1, MAX_COUNT).orElse(1),
        f.flag("stream", false),
        hasUsage(f));
  }

  /** The messages with their tools, and nothing of how the reply is generated. */
  public static ChatRequest messages(Fields f, MediaPlaces media) {
    return new ChatRequest(
        MessageFields.read(f, media), ToolFields.read(f), Generation.DEFAULTS, templateArgs(f));
  }

  /** Whether {@code stream_options} ask for the usage. */
  static boolean hasUsage(Fields f) {
    return f.object("stream_options")
        .map(options -> {
          options.refuseOthers(Set.of("include_usage", "include_obfuscation"));
          return options.flag("include_usage", false);
        })
        .orElse(false);
  }

  /** Tokens of the reply at most; 0 = no limit of its own. */
  private static int maxTokens(Fields f) {
    OptionalInt newer = f.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (newer.isPresent()) {
      return newer.getAsInt();
    }
    int older = f.whole("max_tokens", -1, Integer.MAX_VALUE).orElse(-1);
    if (older == 0) {
      throw f.wrong("max_tokens", "must be at least 1");
    }
    return Math.max(0, older);
  }

  private static @Nullable Integer logprobs(Fields f) {
    OptionalInt top = f.whole("top_logprobs", 0, 20);
    if (!f.flag("logprobs", false)) {
      if (top.isPresent() && top.getAsInt() > 0) {
        throw f.wrong("top_logprobs", "needs 'logprobs': true");
      }
      return null;
    }
    return top.orElse(0);
  }

  private static void checkModalities(Fields f) {
    for (String modality : f.texts("modalities")) {
      if (!modality.equals("text")) {
        throw f.wrong("modalities", "may only be text: '" + modality + "' can't be made here");
      }
    }
  }

  private static Map<String, Object> templateArgs(Fields f) {
    Map<String, Object> out = new LinkedHashMap<>();
    EffortFields.read(f, "reasoning_effort", out);
    f.object("chat_template_kwargs").ifPresent(args -> out.putAll(Json.map(args.object())));
    out.values().removeIf(value -> value == null);
    return out;
  }
}

package dev.nearside.serve.openai;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Urgency;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Chat Completions request.
 *
 * @param count replies wanted
 * @param isStream whether it is answered piece by piece
 * @param hasUsage whether the stream ends with the usage
 */
record ChatFields(
    String model, ChatRequest request, int count, boolean isStream, boolean hasUsage) {
  private static final int MAX_COUNT = 64;

  /** Fields that OpenAI documents and that change nothing here. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "user",
          "metadata",
          "store",
          "service_tier",
          "prompt_cache_key",
          "prompt_cache_retention",
          "safety_identifier",
          "verbosity",
          "prediction",
          "cache_prompt",
          "return_progress",
          "timings_per_token",
          "id_slot");

  private static final Set<String> OWN =
      Set.of(
          "model",
          "messages",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "n",
          "stream",
          "stream_options",
          "max_tokens",
          "max_completion_tokens",
          "stop",
          "logprobs",
          "top_logprobs",
          "reasoning_effort",
          "chat_template_kwargs",
          "modalities",
          "keep_alive",
          "priority",
          "timeout_ms",
          "lora");

  private static final Set<String> KNOWN = known();

  private static Set<String> known() {
    Set<String> all = new HashSet<>(OWN);
    all.addAll(WITHOUT_EFFECT);
    all.addAll(SamplingFields.NAMES);
    all.addAll(FormatFields.NAMES);
    return Set.copyOf(all);
  }

  static ChatFields read(Fields f) {
    f.refuseOthers(KNOWN);
    checkModalities(f);
    Generation generation =
        new Generation(
            SamplingFields.read(f),
            new Limits(maxTokens(f), stops(f)),
            FormatFields.read(f),
            logprobs(f),
            Adapters.read(f),
            urgency(f));
    ChatRequest request =
        new ChatRequest(MessageFields.read(f), ToolFields.read(f), generation, templateArgs(f));
    return new ChatFields(
        f.needText("model"),
        request,
        f.whole("n", 1, MAX_COUNT).orElse(1),
        f.flag("stream", false),
        f.object("stream_options").map(o -> o.flag("include_usage", false)).orElse(false));
  }

  /** Tokens of the reply at most; 0 = no limit of its own. */
  static int maxTokens(Fields f) {
    OptionalInt newer = f.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
    return newer.isPresent()
        ? newer.getAsInt()
        : Math.max(0, f.whole("max_tokens", -1, Integer.MAX_VALUE).orElse(0));
  }

  /** At most four in OpenAI's own server; here as many as one likes. */
  static List<String> stops(Fields f) {
    return f.texts("stop");
  }

  static Urgency urgency(Fields f) {
    Long timeout = f.longNumber("timeout_ms");
    return new Urgency(f.whole("priority", -100, 100).orElse(0), timeout == null ? 0 : timeout);
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

  // Templates know two ways to be told how much to think.
  private static Map<String, Object> templateArgs(Fields f) {
    Map<String, Object> out = new LinkedHashMap<>();
    f.text("reasoning_effort")
        .ifPresent(effort -> {
          out.put("reasoning_effort", effort);
          out.put("enable_thinking", !effort.equals("none") && !effort.equals("minimal"));
        });
    f.object("chat_template_kwargs").ifPresent(args -> out.putAll(Json.map(args.object())));
    out.values().removeIf(value -> value == null);
    return out;
  }
}

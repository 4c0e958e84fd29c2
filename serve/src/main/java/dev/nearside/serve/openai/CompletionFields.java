package dev.nearside.serve.openai;

import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Prompt;
import dev.nearside.serve.fields.AdapterFields;
import dev.nearside.serve.fields.FormatFields;
import dev.nearside.serve.fields.SamplingFields;
import dev.nearside.serve.fields.UrgencyFields;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import dev.nearside.serve.reply.KeepAlive;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A legacy completions request.
 *
 * @param prompts what to continue, each by itself
 * @param maxTokens tokens of each continuation at most; may be 0
 * @param count continuations wanted of each prompt
 * @param bestOf how many are generated to choose these from
 * @param hasEcho whether the prompt stands before its continuation
 * @param logprobs null = not wanted; else so many of the likeliest tokens with each token
 */
record CompletionFields(
    String model,
    List<Prompt> prompts,
    Generation generation,
    int maxTokens,
    int count,
    int bestOf,
    boolean hasEcho,
    @Nullable Integer logprobs,
    boolean isStream,
    boolean hasUsage,
    @Nullable Duration keepAlive) {
  private static final int MAX_COUNT = 128;
  private static final int MAX_BEST = 20;

  /** What OpenAI generates when nobody says how much. */
  private static final int DEFAULT_TOKENS = 16;

  static final Shape SHAPE =
      Shape.EMPTY
          .with(FieldType.TEXT, "model", "suffix", "user")
          .with(FieldType.ANY, "prompt", "stop", "keep_alive")
          .with(FieldType.WHOLE, "max_tokens", "n", "best_of", "logprobs", "priority", "timeout_ms")
          .with(FieldType.FLAG, "echo", "stream", "cache_prompt")
          .with(FieldType.OBJECT, "stream_options")
          .with(FieldType.LIST, "lora")
          .and(SamplingFields.SHAPE)
          .and(FormatFields.SHAPE)
          .needs("model", "prompt");

  static CompletionFields read(Fields f) {
    SHAPE.check(f);
    int maxTokens = f.whole("max_tokens", -1, Integer.MAX_VALUE).orElse(DEFAULT_TOKENS);
    int count = f.whole("n", 1, MAX_COUNT).orElse(1);
    int bestOf = f.whole("best_of", 1, MAX_BEST).orElse(count);
    boolean isStream = f.flag("stream", false);
    boolean hasEcho = f.flag("echo", false);
    OptionalInt logprobs = f.whole("logprobs", 0, 20);
    if (bestOf < count) {
      throw f.wrong("best_of", "must not be smaller than 'n'");
    }
    if (isStream && bestOf > count) {
      throw f.wrong("best_of", "can't be streamed: which is best shows at the end");
    }
    if (hasEcho && logprobs.isPresent()) {
      throw f.wrong(
          "echo", "can't be used with 'logprobs': how likely the prompt is, is not computed here");
    }
    List<Prompt> prompts = PromptFields.read(f);
    if ((long) prompts.size() * bestOf > MAX_COUNT) {
      throw f.wrong("prompt", "asks for more than " + MAX_COUNT + " texts at once");
    }
    Integer top = logprobs.isPresent() ? Integer.valueOf(logprobs.getAsInt()) : null;
    Generation generation =
        new Generation(
            SamplingFields.read(f),
            new Limits(Math.max(0, maxTokens), f.texts("stop")),
            FormatFields.read(f),
            top == null && bestOf > count ? Integer.valueOf(0) : top,
            AdapterFields.read(f),
            UrgencyFields.read(f));
    return new CompletionFields(
        f.needText("model"),
        prompts,
        generation,
        maxTokens,
        count,
        bestOf,
        hasEcho,
        top,
        isStream,
        ChatFields.hasUsage(f),
        KeepAlive.read(f));
  }

  /** The field that asks for several texts. */
  String countField() {
    if (prompts.size() > 1) {
      return "prompt";
    }
    return bestOf > count ? "best_of" : "n";
  }

  /** Which prompt each text to generate continues. */
  int[] sources() {
    return IntStream.range(0, prompts.size() * bestOf).map(i -> i / bestOf).toArray();
  }
}

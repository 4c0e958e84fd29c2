package dev.nearside.serve.openai;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Timings;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.http.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Parts that the replies of OpenAI's endpoints share. */
public final class Replies {
  private Replies() {}

  static String reason(FinishReason reason) {
    return switch (reason) {
      case STOP, CANCELLED -> "stop";
      case TOOL_CALLS -> "tool_calls";
      case LENGTH -> "length";
    };
  }

  /** The usage of several replies to one prompt, which counts once. */
  static ObjectNode usage(List<Finished> replies) {
    return usage(List.of(replies.getFirst()), replies);
  }

  /**
   * The usage of replies to several prompts.
   *
   * @param prompts one reply to each
   */
  static ObjectNode usage(List<Finished> prompts, List<Finished> replies) {
    int read = prompts.stream().mapToInt(f -> f.usage().promptTokens()).sum();
    int cached = prompts.stream().mapToInt(f -> f.usage().cachedTokens()).sum();
    int written = replies.stream().mapToInt(f -> f.usage().completionTokens()).sum();
    ObjectNode out =
        Json.object()
            .put("prompt_tokens", read)
            .put("completion_tokens", written)
            .put("total_tokens", read + written);
    out.putObject("prompt_tokens_details").put("cached_tokens", cached);
    return out;
  }

  /** Times as llama.cpp's server gives them; {@code ttft_ms} is ours. */
  public static ObjectNode timings(Finished f) {
    Timings t = f.timings();
    int computed = f.usage().promptTokens() - f.usage().cachedTokens();
    int written = f.usage().completionTokens();
    double promptMillis = t.promptNanos() / 1e6;
    double decodeMillis = t.decodeNanos() / 1e6;
    return Json.object()
        .put("prompt_n", computed)
        .put("cache_n", f.usage().cachedTokens())
        .put("cached_n", f.usage().cachedTokens())
        .put("prompt_ms", promptMillis)
        .put("prompt_per_second", rate(computed, promptMillis))
        .put("predicted_n", written)
        .put("predicted_ms", decodeMillis)
        .put("predicted_per_second", rate(written - 1, decodeMillis))
        .put("ttft_ms", t.firstTokenNanos() / 1e6);
  }

  private static double rate(int tokens, double millis) {
    return tokens > 0 && millis > 0 ? tokens * 1000 / millis : 0;
  }

  /** Chat Completions' log-probabilities. */
  public static ArrayNode logprobs(List<TokenLogprob> tokens) {
    ArrayNode out = Json.array();
    for (TokenLogprob token : tokens) {
      ObjectNode node = logprob(token);
      ArrayNode top = node.putArray("top_logprobs");
      token.top().forEach(t -> top.add(logprob(t)));
      out.add(node);
    }
    return out;
  }

  private static ObjectNode logprob(TokenLogprob token) {
    ObjectNode node =
        Json.object()
            .put("token", token.text())
            .put("logprob", Math.max(-9999, token.logprob())); // -Infinity is no JSON
    ArrayNode bytes = node.putArray("bytes");
    for (byte b : token.bytes()) {
      bytes.add(b & 0xFF);
    }
    return node;
  }
}

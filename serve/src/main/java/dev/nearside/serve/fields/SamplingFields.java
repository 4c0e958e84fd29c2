package dev.nearside.serve.fields;

import dev.nearside.chat.Sampling;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sampling fields of a request: OpenAI's, and by llama.cpp's names what OpenAI does not have.
 */
public final class SamplingFields {
  /** What {@link #read} looks at. */
  public static final Shape SHAPE =
      Shape.EMPTY
          .with(
              FieldType.NUMBER,
              "temperature",
              "top_p",
              "min_p",
              "typical_p",
              "presence_penalty",
              "frequency_penalty",
              "repeat_penalty",
              "repetition_penalty",
              "xtc_probability",
              "xtc_threshold",
              "dry_multiplier",
              "dry_base",
              "mirostat_tau",
              "mirostat_eta")
          .with(
              FieldType.WHOLE,
              "top_k",
              "seed",
              "repeat_last_n",
              "dry_allowed_length",
              "dry_penalty_last_n",
              "mirostat")
          .with(FieldType.OBJECT, "logit_bias")
          .with(FieldType.LIST, "dry_sequence_breakers", "samplers");

  /** OpenAI's: as much as a ban, or as the only choice. */
  private static final int MAX_BIAS = 100;

  private SamplingFields() {}

  /** The sampling that a request asks for; what it does not name stays unset. */
  public static Sampling read(Fields f) {
    return Sampling.builder()
        .temperature(f.number("temperature", 0, 100))
        .topP(f.number("top_p", 0, 1))
        .topK(topK(f))
        .minP(f.number("min_p", 0, 1))
        .typicalP(f.number("typical_p", 0, 1))
        .seed(seed(f))
        .logitBias(bias(f))
        .penalties(penalties(f))
        .xtc(xtc(f))
        .dry(dry(f))
        .mirostat(mirostat(f))
        .order(f.has("samplers") ? f.texts("samplers") : null)
        .build();
  }

  // -1 and 0 both mean off; the engine's word for it is 0.
  private static @Nullable Integer topK(Fields f) {
    OptionalInt k = f.whole("top_k", -1, Integer.MAX_VALUE);
    return k.isEmpty() ? null : Math.max(0, k.getAsInt());
  }

  // -1 is a new one each time, as with llama.cpp and Ollama.
  private static @Nullable Long seed(Fields f) {
    Long seed = f.longNumber("seed");
    return seed == null || seed == -1 ? null : seed;
  }

  private static @Nullable Map<Integer, Float> bias(Fields f) {
    JsonNode node = f.find("logit_bias");
    if (node == null) {
      return null;
    }
    if (!node.isObject()) {
      throw wrongBias(f);
    }
    Map<Integer, Float> out = new HashMap<>();
    node.properties()
        .forEach(e -> {
          double value = Json.number(e.getValue());
          if (!e.getKey().matches("\\d{1,9}") || !(Math.abs(value) <= MAX_BIAS)) {
            throw wrongBias(f);
          }
          out.put(Integer.valueOf(e.getKey()), (float) value);
        });
    return out;
  }

  private static HttpProblem wrongBias(Fields f) {
    return f.wrong("logit_bias", "must be an object of token ids and numbers from -100 to 100");
  }

  private static Sampling.@Nullable Penalties penalties(Fields f) {
    Float repeat = f.number("repeat_penalty", 0, 10);
    if (repeat == null) {
      repeat = f.number("repetition_penalty", 0, 10);
    }
    Float presence = f.number("presence_penalty", -2, 2);
    Float frequency = f.number("frequency_penalty", -2, 2);
    // OpenAI's two count over everything that was written, not over a window.
    boolean isOpenAi = repeat == null && (presence != null || frequency != null);
    Integer last = f.has("repeat_last_n") ? lastTokens(f) : isOpenAi ? Integer.valueOf(-1) : null;
    return repeat == null && presence == null && frequency == null && last == null
        ? null
        : new Sampling.Penalties(repeat, presence, frequency, last);
  }

  private static Integer lastTokens(Fields f) {
    return f.whole("repeat_last_n", -1, Integer.MAX_VALUE).orElseThrow();
  }

  private static Sampling.@Nullable Xtc xtc(Fields f) {
    Float probability = f.number("xtc_probability", 0, 1);
    Float threshold = f.number("xtc_threshold", 0, 1);
    return probability == null
        ? null
        : new Sampling.Xtc(probability, threshold == null ? 0.1f : threshold);
  }

  private static Sampling.@Nullable Dry dry(Fields f) {
    Float multiplier = f.number("dry_multiplier", 0, 100);
    if (multiplier == null || multiplier == 0f) {
      return null;
    }
    Float base = f.number("dry_base", 1, 100);
    return new Sampling.Dry(
        multiplier,
        base == null ? 1.75f : base,
        f.whole("dry_allowed_length", 1, 1 << 20).orElse(2),
        f.whole("dry_penalty_last_n", -1, Integer.MAX_VALUE).orElse(-1),
        f.has("dry_sequence_breakers")
            ? f.texts("dry_sequence_breakers")
            : List.of("\n", ":", "\"", "*"));
  }

  private static Sampling.@Nullable Mirostat mirostat(Fields f) {
    int version = f.whole("mirostat", 0, 2).orElse(0);
    if (version == 0) {
      return null;
    }
    if (version == 1) {
      throw f.wrong("mirostat", "must be 0 or 2: version 1 is not offered");
    }
    Float tau = f.number("mirostat_tau", 0, 100);
    Float eta = f.number("mirostat_eta", 0, 1);
    return new Sampling.Mirostat(tau == null ? 5f : tau, eta == null ? 0.1f : eta);
  }
}

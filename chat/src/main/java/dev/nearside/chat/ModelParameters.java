package dev.nearside.chat;

import dev.nearside.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings by the names of Ollama's Modelfile, which its API takes as {@code options} too.
 *
 * @param contextLength {@code num_ctx}; 0 = not said
 * @see <a href="https://docs.ollama.com/modelfile#valid-parameters-and-values">Modelfile</a>
 */
public record ModelParameters(Sampling sampling, Limits limits, int contextLength) {
  /** What {@link #of} looks at. */
  public static final Set<String> NAMES =
      Set.of(
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "seed",
          "repeat_penalty",
          "repeat_last_n",
          "presence_penalty",
          "frequency_penalty",
          "mirostat",
          "mirostat_tau",
          "mirostat_eta",
          "num_predict",
          "num_ctx",
          "stop");

  /** Names that Ollama knows and that mean nothing here: how its runner is set up. */
  public static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "num_keep",
          "num_batch",
          "num_gpu",
          "main_gpu",
          "num_thread",
          "use_mmap",
          "use_mlock",
          "numa",
          "low_vram",
          "f16_kv",
          "logits_all",
          "vocab_only",
          "penalize_newline",
          "tfs_z",
          "draft_num_predict");

  /**
   * Reads settings; other names are ignored.
   *
   * @param values numbers, or for {@code stop} a text or a list of texts
   * @throws ChatException when a value is of the wrong kind or out of range
   */
  public static ModelParameters of(Map<String, ? extends @Nullable Object> values) {
    Reader r = new Reader(values);
    Sampling sampling =
        Sampling.builder()
            .temperature(r.number("temperature", 0, 100))
            .topK(notNegative(r.whole("top_k", -1, Integer.MAX_VALUE)))
            .topP(r.number("top_p", 0, 1))
            .minP(r.number("min_p", 0, 1))
            .typicalP(r.number("typical_p", 0, 1))
            .seed(r.seed())
            .penalties(r.penalties())
            .mirostat(r.mirostat())
            .build();
    Integer predict = r.whole("num_predict", -2, Integer.MAX_VALUE);
    Integer context = r.whole("num_ctx", 0, Integer.MAX_VALUE);
    return new ModelParameters(
        sampling,
        // -1 is without end, -2 to the context's end: here the context ends every reply.
        new Limits(predict == null ? 0 : Math.max(0, predict), r.texts("stop")),
        context == null ? 0 : context);
  }

  // -1 and 0 both mean off.
  private static @Nullable Integer notNegative(@Nullable Integer value) {
    return value == null ? null : Integer.valueOf(Math.max(0, value));
  }

  private record Reader(Map<String, ? extends @Nullable Object> values) {
    @Nullable Float number(String name, double min, double max) {
      Object value = values.get(name);
      if (value == null) {
        return null;
      }
      double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
      if (!(number >= min && number <= max)) {
        throw wrong(name, value, "a number from " + plain(min) + " to " + plain(max));
      }
      return (float) number;
    }

    @Nullable Integer whole(String name, int min, int max) {
      Object value = values.get(name);
      if (value == null) {
        return null;
      }
      double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
      if (number != Math.rint(number) || number < min || number > max) {
        throw wrong(name, value, "a whole number from " + min + " to " + max);
      }
      return (int) number;
    }

    /** Minus one is a new seed each time. */
    @Nullable Long seed() {
      Object value = values.get("seed");
      if (value == null) {
        return null;
      }
      double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
      if (number != Math.rint(number) || Math.abs(number) > Long.MAX_VALUE) {
        throw wrong("seed", value, "a whole number");
      }
      long seed = ((Number) value).longValue();
      return seed == -1 ? null : Long.valueOf(seed);
    }

    Sampling.@Nullable Penalties penalties() {
      Float repeat = number("repeat_penalty", 0, 10);
      Float presence = number("presence_penalty", -2, 2);
      Float frequency = number("frequency_penalty", -2, 2);
      Integer last = whole("repeat_last_n", -1, Integer.MAX_VALUE);
      boolean isUnset = repeat == null && presence == null && frequency == null && last == null;
      return isUnset ? null : new Sampling.Penalties(repeat, presence, frequency, last);
    }

    Sampling.@Nullable Mirostat mirostat() {
      Integer version = whole("mirostat", 0, 2);
      if (version == null || version == 0) {
        return null;
      }
      if (version == 1) {
        throw wrong("mirostat", 1, "0 or 2: version 1 is not offered");
      }
      Float tau = number("mirostat_tau", 0, 100);
      Float eta = number("mirostat_eta", 0, 1);
      return new Sampling.Mirostat(tau == null ? 5f : tau, eta == null ? 0.1f : eta);
    }

    List<String> texts(String name) {
      Object value = values.get(name);
      return switch (value) {
        case null -> List.of();
        case String text -> List.of(text);
        case List<?> several -> {
          List<String> out = new ArrayList<>();
          for (Object member : several) {
            if (!(member instanceof String text)) {
              throw wrong(name, value, "a text or a list of texts");
            }
            out.add(text);
          }
          yield out;
        }
        default -> throw wrong(name, value, "a text or a list of texts");
      };
    }

    private static ChatException wrong(String name, Object got, String expected) {
      return new ChatException(
          Fault.of("'" + name + "' is out of range").got(got).expected(expected));
    }

    private static String plain(double value) {
      return String.valueOf((long) value);
    }
  }
}

package dev.nearside.cli.chat;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parameters that {@code /set parameter} knows. */
enum Parameter {
  TEMPERATURE,
  TOP_K,
  TOP_P,
  MIN_P,
  TYPICAL,
  REPEAT_PENALTY,
  PRESENCE_PENALTY,
  FREQUENCY_PENALTY,
  REPEAT_LAST_N,
  SEED,
  SAMPLERS,
  MAX_TOKENS,
  STOP,
  THINK,
  VERBOSE;

  /** {@code top-k}: the name in {@code /set} and {@code /show}. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Parameter> of(String name) {
    String wanted = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return Arrays.stream(values()).filter(p -> p.wireName().equals(wanted)).findFirst();
  }

  /**
   * The settings with this parameter changed.
   *
   * @throws ChatException when the value can't be read
   */
  ChatSettings set(ChatSettings settings, String value) {
    try {
      return changed(settings, value);
    } catch (NumberFormatException e) {
      throw new ChatException(
          Fault.of("not a value for " + wireName()).got(value).expected("a number"), e);
    }
  }

  /** The value for people; "default" when unset. */
  String show(ChatSettings settings) {
    Object value = value(settings);
    return value == null ? "default" : value.toString();
  }

  private ChatSettings changed(ChatSettings s, String v) {
    return switch (this) {
      case TEMPERATURE -> sampling(s, b -> b.temperature(real(v)));
      case TOP_K -> sampling(s, b -> b.topK(whole(v)));
      case TOP_P -> sampling(s, b -> b.topP(real(v)));
      case MIN_P -> sampling(s, b -> b.minP(real(v)));
      case TYPICAL -> sampling(s, b -> b.typicalP(real(v)));
      case REPEAT_PENALTY -> penalties(s, real(v), null, null, null);
      case PRESENCE_PENALTY -> penalties(s, null, real(v), null, null);
      case FREQUENCY_PENALTY -> penalties(s, null, null, real(v), null);
      case REPEAT_LAST_N -> penalties(s, null, null, null, whole(v));
      case SEED -> sampling(s, b -> b.seed(Long.valueOf(v)));
      case SAMPLERS -> sampling(s, b -> b.order(List.of(v.split("\\s*,\\s*"))));
      case MAX_TOKENS -> s.withMaxTokens(count(v));
      case STOP -> addStop(s, v);
      case THINK -> s.withThink(flag(v));
      case VERBOSE -> s.withVerbose(flag(v));
    };
  }

  private @Nullable Object value(ChatSettings s) {
    return switch (this) {
      case TEMPERATURE -> s.sampling().temperature();
      case TOP_K -> s.sampling().topK();
      case TOP_P -> s.sampling().topP();
      case MIN_P -> s.sampling().minP();
      case TYPICAL -> s.sampling().typicalP();
      case REPEAT_PENALTY -> penaltiesOf(s).repeat();
      case PRESENCE_PENALTY -> penaltiesOf(s).presence();
      case FREQUENCY_PENALTY -> penaltiesOf(s).frequency();
      case REPEAT_LAST_N -> penaltiesOf(s).lastTokens();
      case SEED -> s.sampling().seed();
      case SAMPLERS -> s.sampling().order();
      case MAX_TOKENS -> s.maxTokens();
      case STOP -> s.stop();
      case THINK -> s.think();
      case VERBOSE -> s.isVerbose();
    };
  }

  private static ChatSettings addStop(ChatSettings s, String value) {
    List<String> stops = new ArrayList<>(s.stop());
    stops.add(value);
    return s.withStop(stops);
  }

  private static ChatSettings sampling(
      ChatSettings s, Function<Sampling.Builder, Sampling.Builder> change) {
    return s.withSampling(change.apply(s.sampling().toBuilder()).build());
  }

  private static ChatSettings penalties(
      ChatSettings s,
      @Nullable Float repeat,
      @Nullable Float presence,
      @Nullable Float frequency,
      @Nullable Integer lastTokens) {
    return sampling(
        s, b -> b.penalties(new Sampling.Penalties(repeat, presence, frequency, lastTokens)));
  }

  private static Sampling.Penalties penaltiesOf(ChatSettings s) {
    Sampling.Penalties own = s.sampling().penalties();
    return own == null ? Sampling.Penalties.DEFAULTS : own;
  }

  private static float real(String value) {
    return Float.parseFloat(value);
  }

  private static int whole(String value) {
    return Integer.parseInt(value);
  }

  private static int count(String value) {
    int count = whole(value);
    if (count < 0) {
      throw new ChatException(Fault.of("not a count").got(value).expected("0 or more"));
    }
    return count;
  }

  private static boolean flag(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes", "1" -> true;
      case "off", "false", "no", "0" -> false;
      default -> throw new ChatException(Fault.of("not a switch").got(value).expected("on or off"));
    };
  }
}

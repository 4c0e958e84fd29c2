package dev.nearside.cli.chat;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parameters that {@code /set parameter} knows. */
enum Parameter {
  TEMPERATURE(
      (s, v) -> sampling(s, b -> b.temperature(real(v))), s -> s.sampling().temperature()),
  TOP_K((s, v) -> sampling(s, b -> b.topK(whole(v))), s -> s.sampling().topK()),
  TOP_P((s, v) -> sampling(s, b -> b.topP(real(v))), s -> s.sampling().topP()),
  MIN_P((s, v) -> sampling(s, b -> b.minP(real(v))), s -> s.sampling().minP()),
  TYPICAL((s, v) -> sampling(s, b -> b.typicalP(real(v))), s -> s.sampling().typicalP()),
  REPEAT_PENALTY(
      (s, v) ->
          penalties(
              s,
              p ->
                  new Sampling.Penalties(
                      real(v), p.presence(), p.frequency(), p.lastTokens())),
      s -> penaltiesOf(s).repeat()),
  PRESENCE_PENALTY(
      (s, v) ->
          penalties(
              s,
              p ->
                  new Sampling.Penalties(p.repeat(), real(v), p.frequency(), p.lastTokens())),
      s -> penaltiesOf(s).presence()),
  FREQUENCY_PENALTY(
      (s, v) ->
          penalties(
              s,
              p -> new Sampling.Penalties(p.repeat(), p.presence(), real(v), p.lastTokens())),
      s -> penaltiesOf(s).frequency()),
  REPEAT_LAST_N(
      (s, v) ->
          penalties(
              s,
              p ->
                  new Sampling.Penalties(
                      p.repeat(), p.presence(), p.frequency(), whole(v))),
      s -> penaltiesOf(s).lastTokens()),
  SEED((s, v) -> sampling(s, b -> b.seed(Long.valueOf(v))), s -> s.sampling().seed()),
  SAMPLERS(
      (s, v) -> sampling(s, b -> b.order(List.of(v.split("\\s*,\\s*")))),
      s -> s.sampling().order()),
  MAX_TOKENS((s, v) -> s.withMaxTokens(whole(v)), ChatSettings::maxTokens),
  STOP(Parameter::addStop, ChatSettings::stop),
  THINK((s, v) -> s.withThink(flag(v)), ChatSettings::think),
  VERBOSE((s, v) -> s.withVerbose(flag(v)), ChatSettings::isVerbose);

  private final BiFunction<ChatSettings, String, ChatSettings> setter;
  private final Function<ChatSettings, @Nullable Object> getter;

  Parameter(
      BiFunction<ChatSettings, String, ChatSettings> setter,
      Function<ChatSettings, @Nullable Object> getter) {
    this.setter = setter;
    this.getter = getter;
  }

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
      return setter.apply(settings, value);
    } catch (NumberFormatException e) {
      throw new ChatException(
          Fault.of("not a value for " + wireName()).got(value).expected("a number"), e);
    }
  }

  /** The value for people; "default" when unset. */
  String show(ChatSettings settings) {
    Object value = getter.apply(settings);
    return value == null ? "default" : value.toString();
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
      ChatSettings s, Function<Sampling.Penalties, Sampling.Penalties> change) {
    return sampling(s, b -> b.penalties(change.apply(penaltiesOf(s))));
  }

  private static Sampling.Penalties penaltiesOf(ChatSettings s) {
    Sampling.Penalties own = s.sampling().penalties();
    return own == null ? Sampling.Penalties.NONE : own;
  }

  private static float real(String value) {
    return Float.parseFloat(value);
  }

  private static int whole(String value) {
    return Integer.parseInt(value);
  }

  private static boolean flag(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes", "1" -> true;
      case "off", "false", "no", "0" -> false;
      default ->
          throw new ChatException(
              Fault.of("not a switch").got(value).expected("on or off"));
    };
  }
}

package dev.nearside.engine.sample;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The samplers by name, in their default order. */
public enum SamplerNames {
  LOGIT_BIAS,
  PENALTIES,
  DRY,
  TOP_K,
  TYPICAL,
  TOP_P,
  MIN_P,
  XTC,
  TEMPERATURE;

  /** {@code logit-bias}, {@code top-k}, …: as written in {@code --samplers}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The default order. */
  public static List<String> defaultOrder() {
    return Arrays.stream(values()).map(SamplerNames::wireName).toList();
  }

  /**
   * The sampler with this name.
   *
   * @throws ChatException when there is none
   */
  public static SamplerNames of(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    for (SamplerNames s : values()) {
      if (s.wireName().equals(wanted)) {
        return s;
      }
    }
    throw new ChatException(
        Fault.of("unknown sampler").got(name).expected("one of " + defaultOrder()));
  }
}

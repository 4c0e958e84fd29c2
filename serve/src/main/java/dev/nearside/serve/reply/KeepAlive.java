package dev.nearside.serve.reply;

import dev.nearside.serve.guard.Caller;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How long a model stays loaded: a number of seconds, or a duration as Go writes it ({@code 5m},
 * {@code 1h30m}, {@code 1.5h}); anything negative is for ever.
 */
public final class KeepAlive {
  private static final String KEY = "keep_alive";
  private static final Pattern PARTS =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|µs|ms|s|m|h)");
  private static final Duration EVER = Duration.ofSeconds(-1);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMinutes(5);
  private static final Duration MAX = Duration.ofDays(36_500);

  private KeepAlive() {}

  /**
   * Null when the request does not say. A model is everybody's: a key without {@code admin} can
   * neither send it away nor hold it for longer than an hour.
   */
  public static @Nullable Duration read(Fields f) {
    Duration asked = asked(f);
    if (asked == null || Caller.isTrusted()) {
      return asked;
    }
    boolean isLong = asked.isNegative() || asked.compareTo(LONGEST) > 0;
    return isLong ? LONGEST : asked.compareTo(SHORTEST) < 0 ? null : asked;
  }

  /** As the request has it; null when it does not say. */
  public static @Nullable Duration asked(Fields f) {
    JsonNode node = f.find(KEY);
    if (node == null) {
      return null;
    }
    if (node.isNumber()) {
      double seconds = Json.number(node);
      if (Double.isInfinite(seconds)) {
        throw wrong(f);
      }
      return seconds < 0 ? EVER : capped(BigDecimal.valueOf(seconds).movePointRight(9));
    }
    if (!node.isString()) {
      throw wrong(f);
    }
    return parse(f, node.stringValue().strip());
  }

  private static Duration parse(Fields f, String text) {
    if (text.startsWith("-")) {
      parse(f, text.substring(1)); // -x is no duration either
      return EVER;
    }
    if (text.matches("\\d{1,12}")) {
      return capped(new BigDecimal(text).movePointRight(9));
    }
    Matcher m = PARTS.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (m.find() && m.start() == end) {
      nanos = nanos.add(new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(unit(m.group(2)))));
      end = m.end();
    }
    if (end == 0 || end != text.length()) {
      throw wrong(f);
    }
    return capped(nanos);
  }

  private static long unit(String name) {
    return switch (name) {
      case "ns" -> 1L;
      case "us", "µs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }

  private static Duration capped(BigDecimal nanos) {
    boolean isLong = nanos.compareTo(BigDecimal.valueOf(MAX.toSeconds()).movePointRight(9)) > 0;
    return isLong ? MAX : Duration.ofNanos(nanos.longValue());
  }

  private static RuntimeException wrong(Fields f) {
    return f.wrong(KEY, "must be seconds or a duration such as 30s, 5m or 1h30m; -1 = for ever");
  }
}

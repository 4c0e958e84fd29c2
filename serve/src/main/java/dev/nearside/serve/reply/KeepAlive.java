package dev.nearside.serve.reply;

import dev.nearside.serve.http.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How long a model stays loaded after a request: Ollama's {@code keep_alive}. */
public final class KeepAlive {
  private static final Pattern TEXT = Pattern.compile("(-?\\d{1,9})(ms|s|m|h)?");
  private static final long MAX_SECONDS = 1_000_000_000;

  private KeepAlive() {}

  /**
   * Seconds, or a text such as {@code 5m}; negative = for ever.
   *
   * @return null when the request does not say
   */
  public static @Nullable Duration read(Fields f) {
    JsonNode node = f.find("keep_alive");
    if (node == null) {
      return null;
    }
    if (node.isNumber()) {
      BigDecimal seconds = node.decimalValue();
      if (seconds.abs().compareTo(BigDecimal.valueOf(MAX_SECONDS)) > 0) {
        throw wrong(f);
      }
      return Duration.ofMillis(seconds.movePointRight(3).longValue());
    }
    Matcher m = TEXT.matcher(node.isString() ? node.stringValue() : "");
    if (!m.matches()) {
      throw wrong(f);
    }
    long amount = Long.parseLong(m.group(1));
    String unit = m.group(2) == null ? "s" : m.group(2);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  private static RuntimeException wrong(Fields f) {
    return f.wrong("keep_alive", "must be seconds, or a time such as 30s, 5m or 1h");
  }
}

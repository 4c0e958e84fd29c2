package dev.nearside.cli.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Times as Ollama's users write them: {@code 300} seconds, {@code 30s}, {@code 1h30m}, {@code -1}.
 */
public final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern PARTS = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  @Override
  public Duration convert(String value) {
    if (value.matches("-?\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    Matcher m = PARTS.matcher(value);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (m.find() && m.start() == end) {
      long n = Long.parseLong(m.group(1));
      sum =
          sum.plus(
              switch (m.group(2)) {
                case "ms" -> Duration.ofMillis(n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                default -> Duration.ofHours(n);
              });
      end = m.end();
    }
    if (end == 0 || end != value.length()) {
      throw new TypeConversionException("'" + value + "' is no time such as 30s, 5m or 1h");
    }
    return sum;
  }
}

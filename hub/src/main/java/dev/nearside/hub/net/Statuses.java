package dev.nearside.hub.net;

import dev.nearside.base.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What an HTTP status other than success means for a download. */
public final class Statuses {

  private Statuses() {}

  /**
   * @param what what was asked for, for people
   * @param gateHint what to do about 401 and 403
   */
  public static SourceException failure(Answer answer, String what, String gateHint) {
    int status = answer.status();
    String code = answer.onTheWay("X-Error-Code");
    String host = answer.uri().getHost();
    Fault fault = Fault.of(what).got("HTTP " + status + (code == null ? "" : " " + code));
    return switch (status) {
      case 401, 403 -> SourceException.permanent(fault.where(host).hint(gateHint));
      case 404, 410 -> SourceException.permanent(fault.where(host).hint("It is not there"));
      case 408, 425, 429, 500, 502, 503, 504 ->
          SourceException.busy(
              fault.where(host), retryAfter(answer.onTheWay("Retry-After"), Instant.now()));
      default -> SourceException.permanent(fault.where(host));
    };
  }

  /** Seconds or an HTTP date (RFC 9110, 10.2.3); null when absent or not understood. */
  static @Nullable Duration retryAfter(@Nullable String value, Instant now) {
    if (value == null) {
      return null;
    }
    String text = value.strip();
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isBefore(now) ? Duration.ZERO : Duration.between(now, at);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}

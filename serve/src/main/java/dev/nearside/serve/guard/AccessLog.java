package dev.nearside.serve.guard;

import dev.nearside.serve.http.Exchange;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * One line for each request: when, who, what, how it ended, how long it took, how many tokens.
 * Never what was asked or answered, never a query string.
 */
record AccessLog(Consumer<String> out, Clock clock) {
  private static final int MAX_PATH = 200;

  void write(Exchange exchange, Caller caller, String requestId, long nanos) {
    String path = exchange.path().replaceAll("[^\\x21-\\x7e]", "?");
    out.accept(
        String.format(
            Locale.ROOT,
            "%s %s %s %s %s %d %.3fs id=%s model=%s prompt=%d reply=%d",
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            exchange.remoteAddress(),
            orDash(caller.name()),
            exchange.method(),
            path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path,
            exchange.responseStatus(),
            nanos / 1e9,
            requestId,
            orDash(caller.model()),
            caller.promptTokens(),
            caller.writtenTokens()));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text.replaceAll("[^\\x21-\\x7e]", "_");
  }
}

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
  private static final int MAX_LENGTH = 200; // of what the client chooses

  void write(Exchange exchange, Caller caller, String requestId, long nanos) {
    out.accept(
        String.format(
            Locale.ROOT,
            "%s %s %s %s %s %d %.3fs id=%s model=%s prompt=%d reply=%d",
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            exchange.remoteAddress(),
            orDash(caller.name()),
            exchange.method(),
            printable(exchange.path(), "?"),
            exchange.responseStatus(),
            nanos / 1e9,
            requestId,
            orDash(caller.model()),
            caller.promptTokens(),
            caller.writtenTokens()));
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : printable(text, "_");
  }

  private static String printable(String text, String otherwise) {
    String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    return start.replaceAll("[^\\x21-\\x7e]", otherwise);
  }
}

package dev.nearside.serve.guard;

import dev.nearside.base.Fault;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.keys.ApiKey.Quota;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What one key has left: requests of the minute, as a bucket that fills steadily, and tokens of the
 * day. A reply that has begun is finished; the next request finds the day's tokens gone.
 */
final class Allowance {
  private final Clock clock;
  private double requests;
  private Instant filled;
  private LocalDate day;
  private long tokens;
  private long unsaved; // of the day's tokens
  private boolean isNew = true;

  Allowance(Clock clock) {
    this(clock, LocalDate.EPOCH, 0);
  }

  /**
   * @param used tokens of {@code usedOn} that were used before
   */
  Allowance(Clock clock, LocalDate usedOn, long used) {
    this.clock = clock;
    this.filled = clock.instant();
    this.day = usedOn;
    this.tokens = used;
  }

  /**
   * Takes one request.
   *
   * @throws HttpProblem when none is left, or no token of the day
   */
  synchronized void take(Quota quota, Exchange exchange) {
    refill(quota);
    boolean hasRequest = quota.requestsPerMinute() == 0 || requests >= 1;
    boolean hasTokens = quota.tokensPerDay() == 0 || tokens < quota.tokensPerDay();
    if (hasRequest && hasTokens && quota.requestsPerMinute() > 0) {
      requests--;
    }
    headers(quota, exchange);
    if (!hasRequest) {
      throw HttpProblem.later(
          HttpProblem.Kind.RATE_LIMITED,
          Fault.of("too many requests")
              .expected("at most " + quota.requestsPerMinute() + " a minute"),
          seconds(untilRequest(quota)));
    }
    if (!hasTokens) {
      throw HttpProblem.later(
          HttpProblem.Kind.RATE_LIMITED,
          Fault.of("the day's tokens are used up").expected("at most " + quota.tokensPerDay()),
          seconds(untilTomorrow()));
    }
  }

  /**
   * Takes further requests for the replies that one asks for.
   *
   * @param field of the request, that asks for so many
   * @param count replies besides the first
   * @throws HttpProblem when so many are not left, or never will be; none is taken then
   */
  synchronized void takeMore(Quota quota, String field, int count) {
    int perMinute = quota.requestsPerMinute();
    if (perMinute == 0 || count == 0) {
      return;
    }
    if (count >= perMinute) { // the first has been taken: no waiting helps
      throw HttpProblem.invalid(
          field,
          "'"
              + field
              + "' asks for "
              + (count + 1L)
              + " replies, of which each counts as a request: the API key has "
              + perMinute
              + " a minute");
    }
    refill(quota);
    if (requests < count) {
      throw HttpProblem.later(
          HttpProblem.Kind.RATE_LIMITED,
          Fault.of("too many replies: each counts as a request")
              .got(count + 1)
              .expected("at most " + perMinute + " a minute"),
          seconds(Duration.ofNanos((long) ((count - requests) * 60e9 / perMinute))));
    }
    requests -= count;
  }

  synchronized void pay(long used) {
    if (!today().equals(day)) {
      day = today();
      tokens = 0;
      unsaved = 0;
    }
    tokens += used;
    unsaved += used;
  }

  /** Tokens of a day that no file knows of yet. */
  synchronized long unsaved(LocalDate of) {
    return of.equals(day) ? unsaved : 0;
  }

  /** Notes that a file knows of {@code added} more tokens, and of {@code total} in all. */
  synchronized void saved(LocalDate of, long added, long total) {
    if (of.equals(day)) {
      unsaved -= added;
      tokens = total + unsaved; // other servers of this home add to it
    }
  }

  private void refill(Quota quota) {
    Instant now = clock.instant();
    double perMinute = quota.requestsPerMinute();
    // A clock that was set back takes nothing away.
    double gained = Math.max(0, Duration.between(filled, now).toNanos() / 60e9 * perMinute);
    requests = isNew ? perMinute : Math.min(perMinute, requests + gained);
    isNew = false;
    filled = now;
    pay(0);
  }

  private void headers(Quota quota, Exchange exchange) {
    if (quota.requestsPerMinute() > 0) {
      exchange.setHeader("x-ratelimit-limit-requests", "" + quota.requestsPerMinute());
      exchange.setHeader("x-ratelimit-remaining-requests", "" + (int) Math.max(0, requests));
      exchange.setHeader("x-ratelimit-reset-requests", text(untilFull(quota)));
    }
    if (quota.tokensPerDay() > 0) {
      exchange.setHeader("x-ratelimit-limit-tokens", "" + quota.tokensPerDay());
      exchange.setHeader(
          "x-ratelimit-remaining-tokens", "" + Math.max(0, quota.tokensPerDay() - tokens));
      exchange.setHeader("x-ratelimit-reset-tokens", text(untilTomorrow()));
    }
  }

  private Duration untilRequest(Quota quota) {
    return Duration.ofNanos((long) ((1 - requests) * 60e9 / quota.requestsPerMinute()));
  }

  private Duration untilFull(Quota quota) {
    double missing = quota.requestsPerMinute() - requests;
    return Duration.ofNanos((long) (missing * 60e9 / quota.requestsPerMinute()));
  }

  private Duration untilTomorrow() {
    return Duration.between(
        clock.instant(), day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static int seconds(Duration time) {
    return (int) Math.max(1, Math.ceilDiv(time.toMillis(), 1000L));
  }

  // As OpenAI's headers have it: 6m0s, 1.5s.
  private static String text(Duration time) {
    long hours = time.toHours();
    double seconds = (time.toMillis() % 60_000) / 1000.0;
    String rest = seconds == Math.rint(seconds) ? "" + (long) seconds : "" + seconds;
    long minutes = time.toMinutesPart();
    return (hours > 0 ? hours + "h" : "")
        + (hours > 0 || minutes > 0 ? minutes + "m" : "")
        + rest
        + "s";
  }
}

package dev.nearside.serve.metrics;

import dev.nearside.chat.Usage;
import dev.nearside.serve.http.Json;
import java.time.Clock;
import tools.jackson.databind.node.ObjectNode;

/** What the server is doing: a few numbers for people who watch it. */
public final class Activity {
  private static final int SECONDS = 10;

  private final Clock clock;
  private final long[] tokensOfSecond = new long[SECONDS];
  private long second; // the last one that was counted, since 1970
  private long requests;
  private int running;
  private int waiting;
  private long promptTokens;
  private long cachedTokens;
  private long generatedTokens;

  public Activity(Clock clock) {
    this.clock = clock;
  }

  /** A request was taken, and waits for its first word. */
  synchronized void take() {
    requests++;
    waiting++;
  }

  /** The first word of a request. */
  synchronized void begin() {
    waiting--;
    running++;
  }

  /** A piece of a reply: about a token. */
  synchronized void write() {
    long now = advance();
    tokensOfSecond[(int) (now % SECONDS)]++;
  }

  /** The end of a request, whether it was good or not. */
  synchronized void end(boolean hadBegun) {
    if (hadBegun) {
      running--;
    } else {
      waiting--;
    }
  }

  synchronized void count(Usage usage) {
    promptTokens += usage.promptTokens();
    cachedTokens += usage.cachedTokens();
    generatedTokens += usage.completionTokens();
  }

  // Forgets the seconds that have passed since the last count.
  private long advance() {
    long now = clock.instant().getEpochSecond();
    for (long s = Math.max(second + 1, now - SECONDS + 1); s <= now; s++) {
      tokensOfSecond[(int) (s % SECONDS)] = 0;
    }
    second = now;
    return now;
  }

  /** The numbers as JSON. */
  public synchronized ObjectNode json() {
    advance();
    long recent = 0;
    for (long tokens : tokensOfSecond) {
      recent += tokens;
    }
    return Json.object()
        .put("requests", requests)
        .put("running", running)
        .put("waiting", waiting)
        .put("prompt_tokens", promptTokens)
        .put("cached_tokens", cachedTokens)
        .put("generated_tokens", generatedTokens)
        .put("tokens_per_second", recent / (double) SECONDS);
  }
}

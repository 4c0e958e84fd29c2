package dev.nearside.cli.chat;

import dev.nearside.chat.Finished;
import dev.nearside.chat.Timings;
import dev.nearside.chat.Usage;
import java.util.Locale;

/** The timings of a reply in one line. */
public final class TimingsLine {
  private TimingsLine() {}

  public static String of(Finished finished) {
    Usage usage = finished.usage();
    Timings t = finished.timings();
    int computed = usage.promptTokens() - usage.cachedTokens();
    return String.format(
        Locale.ROOT,
        "prompt %d tokens (%d cached), %.1f tok/s; reply %d tokens, %.1f tok/s; first token after"
            + " %.0f ms; end: %s",
        usage.promptTokens(),
        usage.cachedTokens(),
        rate(computed, t.promptNanos()),
        usage.completionTokens(),
        rate(usage.completionTokens() - 1, t.decodeNanos()),
        t.firstTokenNanos() / 1e6,
        finished.reason().name().toLowerCase(Locale.ROOT));
  }

  private static double rate(int tokens, long nanos) {
    return nanos <= 0 || tokens <= 0 ? 0 : tokens * 1e9 / nanos;
  }
}

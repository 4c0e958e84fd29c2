package dev.nearside.serve.metrics;

import dev.nearside.chat.Finished;
import dev.nearside.chat.Usage;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the server counts. Names are those of OpenTelemetry's semantic conventions for HTTP and
 * generative AI where there is one.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">gen-ai</a>
 */
public final class ServerMetrics {
  private static final String UNKNOWN_PATH = "unmatched";

  private final AtomicInteger generating = new AtomicInteger();
  private final Counters requests =
      new Counters("http_requests_total", "Requests by path and status.");
  private final Histograms requestSeconds =
      new Histograms(
          "http_server_request_duration_seconds",
          "Time from a request's head to the end of its answer.",
          0.005,
          0.01,
          0.025,
          0.05,
          0.1,
          0.25,
          0.5,
          1,
          2.5,
          5,
          10,
          30,
          60,
          120);
  private final Histograms replySeconds =
      new Histograms(
          "gen_ai_server_request_duration_seconds",
          "Time that a reply took.",
          0.01,
          0.02,
          0.04,
          0.08,
          0.16,
          0.32,
          0.64,
          1.28,
          2.56,
          5.12,
          10.24,
          20.48,
          40.96,
          81.92);
  private final Histograms firstTokenSeconds =
      new Histograms(
          "gen_ai_server_time_to_first_token_seconds",
          "Time until a reply's first token.",
          0.001,
          0.005,
          0.01,
          0.02,
          0.04,
          0.06,
          0.08,
          0.1,
          0.25,
          0.5,
          0.75,
          1,
          2.5,
          5,
          7.5,
          10);
  private final Histograms tokenSeconds =
      new Histograms(
          "gen_ai_server_time_per_output_token_seconds",
          "Time of each token after the first.",
          0.01,
          0.025,
          0.05,
          0.075,
          0.1,
          0.15,
          0.2,
          0.3,
          0.4,
          0.5,
          0.75,
          1,
          2.5);
  private final Counters tokens =
      new Counters("gen_ai_client_token_usage_total", "Tokens of prompts and replies.");
  private final Counters cached =
      new Counters(
          "nearside_prefix_cache_hit_tokens_total",
          "Tokens of prompts that did not have to be computed.");
  private final Counters ends =
      new Counters("nearside_replies_total", "Replies, by how they ended.");

  /**
   * Notes an answered request.
   *
   * @param path as the endpoint has it; null when there was none
   */
  public void answered(String method, @Nullable String path, int status, long nanos) {
    Labels labels =
        Labels.of(
            "http_request_method",
            isUsual(method) ? method : "_OTHER",
            "http_route",
            path == null ? UNKNOWN_PATH : path,
            "http_response_status_code",
            String.valueOf(status));
    requests.add(labels, 1);
    requestSeconds.add(labels, nanos / 1e9);
  }

  private static boolean isUsual(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH" -> true;
      default -> false;
    };
  }

  /** Notes that a reply begins. */
  void begin() {
    generating.incrementAndGet();
  }

  /** Notes a reply's end. */
  void end(String model, String operation, Finished end, long nanos) {
    generating.decrementAndGet();
    Labels labels = labels(model, operation);
    replySeconds.add(labels, nanos / 1e9);
    int written = end.usage().completionTokens();
    if (written > 0) {
      firstTokenSeconds.add(labels, end.timings().firstTokenNanos() / 1e9);
    }
    if (written > 1) {
      tokenSeconds.add(labels, end.timings().decodeNanos() / 1e9 / (written - 1));
    }
    tokens.add(labels.with("gen_ai_token_type", "input"), end.usage().promptTokens());
    tokens.add(labels.with("gen_ai_token_type", "output"), written);
    cached.add(labels, end.usage().cachedTokens());
    ends.add(labels.with("reason", end.reason().name().toLowerCase(Locale.ROOT)), 1);
  }

  /** Notes texts that were read without a reply: embedded, or ranked. */
  void read(String model, String operation, Usage usage, long nanos) {
    generating.decrementAndGet();
    Labels labels = labels(model, operation);
    replySeconds.add(labels, nanos / 1e9);
    tokens.add(labels.with("gen_ai_token_type", "input"), usage.promptTokens());
    ends.add(labels.with("reason", "stop"), 1);
  }

  /** Notes a reply that ended with an error. */
  void fail(String model, String operation, Throwable why) {
    generating.decrementAndGet();
    boolean isCancel = why instanceof InterruptedException;
    String reason = isCancel ? "cancelled" : "error";
    ends.add(labels(model, operation).with("reason", reason), 1);
  }

  private static Labels labels(String model, String operation) {
    return Labels.of("gen_ai_operation_name", operation, "gen_ai_request_model", model);
  }

  void write(Page page) {
    page.gauge("nearside_replies_running", "Replies that are being made.", generating.get());
    requests.write(page);
    requestSeconds.write(page);
    replySeconds.write(page);
    firstTokenSeconds.write(page);
    tokenSeconds.write(page);
    tokens.write(page);
    cached.write(page);
    ends.write(page);
  }
}

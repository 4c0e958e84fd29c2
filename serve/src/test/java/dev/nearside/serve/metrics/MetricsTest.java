package dev.nearside.serve.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.serve.ServerUnderTest;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  private static final Pattern LINE =
      Pattern.compile(
          "# (HELP|TYPE) \\w+ .+|\\w+(\\{(\\w+=\"[^\"]*\",?)+})? [-+]?(Inf|NaN|[0-9.eE+-]+)");
  private static final String CHAT =
      "{\"model\": \"fake:1b\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}";

  @Test
  void page_countsRequestsAndTokens_inPrometheusFormat(@TempDir Path home) throws Exception {
    try (ServerUnderTest server = new ServerUnderTest(home)) {
      server.post("/api/chat", CHAT);
      server.post("/v1/chat/completions", CHAT);
      server.get("/no/such/path");
      server.models.script =
          (request, sink) -> {
            throw new BackendException(Fault.of("broken"), null);
          };
      server.post("/api/chat", CHAT);
      // A request counts when all is sent, and a client may be quicker.
      String last = "http_route=\"/api/chat\",http_response_status_code=\"500\"} 1";
      assertTrue(ServerUnderTest.eventually(() -> page(server).contains(last)));
      ServerUnderTest.Answer answer = server.get("/metrics");
      assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.header("content-type"));
      answer.body().lines().forEach(line -> assertTrue(LINE.matcher(line).matches(), line));
      has(answer.body(), "http_route=\"/api/chat\",http_response_status_code=\"200\"} 1");
      has(answer.body(), "http_route=\"unmatched\",http_response_status_code=\"404\"} 1");
      String labels = "gen_ai_operation_name=\"chat\",gen_ai_request_model=\"fake:1b\"";
      has(
          answer.body(),
          "gen_ai_client_token_usage_total{" + labels + ",gen_ai_token_type=\"output\"} 10");
      has(answer.body(), "nearside_prefix_cache_hit_tokens_total{" + labels + "} 6");
      has(answer.body(), "gen_ai_server_time_to_first_token_seconds_count{" + labels + "} 2");
      has(
          answer.body(),
          "gen_ai_server_time_to_first_token_seconds_bucket{" + labels + ",le=\"0.005\"} 2");
      has(answer.body(), "gen_ai_server_time_per_output_token_seconds_sum{" + labels + "} 0.004");
      has(answer.body(), "nearside_replies_total{" + labels + ",reason=\"error\"} 1");
      has(answer.body(), "nearside_replies_running 0");
      has(answer.body(), "nearside_model_weight_bytes{gen_ai_request_model=\"fake:1b\"} 100");
      has(answer.body(), "nearside_requests_waiting 0");
      has(answer.body(), "jvm_memory_used_bytes{jvm_memory_type=\"heap\"}");
    }
  }

  private static String page(ServerUnderTest server) {
    try {
      return server.get("/metrics").body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void has(String page, String part) {
    assertTrue(page.contains(part), () -> part + " is not in\n" + page);
  }

  @Test
  void counters_withEndlessLabels_areBounded() {
    Counters counters = new Counters("a_total", "A.");
    for (int i = 0; i < 5_000; i++) {
      counters.add(Labels.of("x", "" + i), 1);
    }
    Page page = new Page();
    counters.write(page);
    assertTrue(page.text().contains("a_total{overflow=\"true\"} 4000"), "the rest is one number");
    assertEquals(1003, page.text().lines().count());
  }

  @Test
  void labels_areEscaped() {
    assertEquals("{a=\"x\\\"y\\\\z\\n\"}", Labels.of("a", "x\"y\\z\n").text());
  }
}

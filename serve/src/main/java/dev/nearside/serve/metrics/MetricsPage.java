package dev.nearside.serve.metrics;

import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelManager;
import dev.nearside.serve.Sample;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.openai.OpenAiErrors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code GET /metrics}: for Prometheus.
 *
 * @param samples what others know
 */
public record MetricsPage(
    ServerMetrics metrics, ModelManager models, List<Supplier<List<Sample>>> samples)
    implements Endpoint {
  public MetricsPage {
    samples = List.copyOf(samples);
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/metrics";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.bytes(200, Page.CONTENT_TYPE, text().getBytes(StandardCharsets.UTF_8));
  }

  String text() {
    Page page = new Page();
    metrics.write(page);
    models(page);
    others(page);
    machine(page);
    return page.text();
  }

  private void models(Page page) {
    List<LoadedModelState> loaded = models.loaded();
    page.gauge("nearside_models_loaded", "Models in memory.", loaded.size());
    String weights = "nearside_model_weight_bytes";
    page.family(weights, "gauge", "Weights of a loaded model.");
    loaded.forEach(m -> page.value(weights, model(m), m.weightBytes()));
    String kv = "nearside_model_kv_bytes";
    page.family(kv, "gauge", "Keys and values of a loaded model.");
    loaded.forEach(m -> page.value(kv, model(m), m.kvBytes()));
    String leases = "nearside_model_leases";
    page.family(leases, "gauge", "Requests that hold a loaded model.");
    loaded.forEach(m -> page.value(leases, model(m), m.leases()));
  }

  private static Labels model(LoadedModelState state) {
    return Labels.of("gen_ai_request_model", state.facts().name());
  }

  private void others(Page page) {
    Map<String, List<Sample>> byName =
        samples.stream()
            .flatMap(supplier -> supplier.get().stream())
            .collect(Collectors.groupingBy(Sample::name, TreeMap::new, Collectors.toList()));
    byName.forEach((name, family) -> {
      String type = name.endsWith("_total") ? "counter" : "gauge";
      page.family(name, type, family.getFirst().help());
      family.forEach(s -> page.value(name, Labels.of(s.labels()), s.value()));
    });
  }

  private static void machine(Page page) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    String used = "jvm_memory_used_bytes";
    page.family(used, "gauge", "Memory of the Java virtual machine.");
    area(page, used, "heap", memory.getHeapMemoryUsage());
    area(page, used, "non_heap", memory.getNonHeapMemoryUsage());
    page.gauge(
        "jvm_thread_count",
        "Platform threads.",
        ManagementFactory.getThreadMXBean().getThreadCount());
    page.gauge(
        "process_uptime_seconds",
        "Time since the start.",
        ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
  }

  private static void area(Page page, String name, String type, MemoryUsage usage) {
    page.value(name, Labels.of("jvm_memory_type", type), usage.getUsed());
  }
}

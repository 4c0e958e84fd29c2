package dev.nearside.engine;

import dev.nearside.chat.Sampling;
import dev.nearside.model.kv.KvType;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is opened.
 *
 * @param contextLength positions of one sequence; 0 = what model and memory allow
 * @param threads threads that compute; 0 = one per core
 * @param kernels {@code scalar}, {@code vector} or {@code machine}; null = the best there is
 * @param sampling for requests that leave something open
 * @param chatTemplate used instead of the model's own, or null
 * @param maxBatch tokens of one step
 * @param serving how many are served at once, and with how much memory
 * @param packedFolder where packed weights are kept for the next start; null = nowhere
 * @param kvType how keys and values are kept
 * @param adapters that requests may use
 */
public record EngineOptions(
    int contextLength,
    int threads,
    @Nullable String kernels,
    Sampling sampling,
    @Nullable String chatTemplate,
    int maxBatch,
    ServingOptions serving,
    @Nullable Path packedFolder,
    KvType kvType,
    List<AdapterFile> adapters) {
  public EngineOptions {
    adapters = List.copyOf(adapters);
  }

  /** What suits most uses. */
  public static final EngineOptions DEFAULTS =
      new EngineOptions(
          0,
          0,
          null,
          Sampling.DEFAULTS,
          null,
          256,
          ServingOptions.DEFAULTS,
          null,
          KvType.F16,
          List.of());

  public EngineOptions withContextLength(int positions) {
    return new EngineOptions(
        positions,
        threads,
        kernels,
        sampling,
        chatTemplate,
        maxBatch,
        serving,
        packedFolder,
        kvType,
        adapters);
  }

  public EngineOptions withThreads(int count) {
    return new EngineOptions(
        contextLength,
        count,
        kernels,
        sampling,
        chatTemplate,
        maxBatch,
        serving,
        packedFolder,
        kvType,
        adapters);
  }

  public EngineOptions withKernels(@Nullable String name) {
    return new EngineOptions(
        contextLength,
        threads,
        name,
        sampling,
        chatTemplate,
        maxBatch,
        serving,
        packedFolder,
        kvType,
        adapters);
  }

  public EngineOptions withSampling(Sampling defaults) {
    return new EngineOptions(
        contextLength,
        threads,
        kernels,
        defaults,
        chatTemplate,
        maxBatch,
        serving,
        packedFolder,
        kvType,
        adapters);
  }

  public EngineOptions withChatTemplate(@Nullable String source) {
    return new EngineOptions(
        contextLength,
        threads,
        kernels,
        sampling,
        source,
        maxBatch,
        serving,
        packedFolder,
        kvType,
        adapters);
  }

  /** With so many sequences at once. */
  public EngineOptions withSlots(int count) {
    return withServing(serving.withSlots(count));
  }

  public EngineOptions withServing(ServingOptions options) {
    return new EngineOptions(
        contextLength,
        threads,
        kernels,
        sampling,
        chatTemplate,
        maxBatch,
        options,
        packedFolder,
        kvType,
        adapters);
  }

  /** With packed weights kept in {@code folder}. */
  public EngineOptions withPackedFolder(@Nullable Path folder) {
    return new EngineOptions(
        contextLength,
        threads,
        kernels,
        sampling,
        chatTemplate,
        maxBatch,
        serving,
        folder,
        kvType,
        adapters);
  }

  /** With keys and values kept as {@code type}. */
  public EngineOptions withKvType(KvType type) {
    return new EngineOptions(
        contextLength,
        threads,
        kernels,
        sampling,
        chatTemplate,
        maxBatch,
        serving,
        packedFolder,
        type,
        adapters);
  }

  /** With adapters that requests may use. */
  public EngineOptions withAdapters(List<AdapterFile> files) {
    return new EngineOptions(
        contextLength,
        threads,
        kernels,
        sampling,
        chatTemplate,
        maxBatch,
        serving,
        packedFolder,
        kvType,
        files);
  }
}

package dev.nearside.engine;

import dev.nearside.chat.Sampling;
import dev.nearside.engine.power.PowerGovernor;
import dev.nearside.model.Numerics;
import dev.nearside.model.PackedFolder;
import dev.nearside.model.kv.KvType;
import java.util.List;
import java.util.function.Consumer;
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
 * @param numerics of prompts, where the kernels have them
 * @param adapters that requests may use
 * @param power holds the power that is taken below a budget, for all engines that are opened with
 *     it; null = as much as can be used
 */
public record EngineOptions(
    int contextLength,
    int threads,
    @Nullable String kernels,
    Sampling sampling,
    @Nullable String chatTemplate,
    int maxBatch,
    ServingOptions serving,
    @Nullable PackedFolder packedFolder,
    KvType kvType,
    Numerics numerics,
    List<AdapterFile> adapters,
    @Nullable PowerGovernor power) {
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
          Numerics.EXACT,
          List.of(),
          null);

  public EngineOptions withContextLength(int positions) {
    return with(copy -> copy.contextLength = positions);
  }

  public EngineOptions withThreads(int count) {
    return with(copy -> copy.threads = count);
  }

  public EngineOptions withKernels(@Nullable String name) {
    return with(copy -> copy.kernels = name);
  }

  public EngineOptions withSampling(Sampling defaults) {
    return with(copy -> copy.sampling = defaults);
  }

  public EngineOptions withChatTemplate(@Nullable String source) {
    return with(copy -> copy.chatTemplate = source);
  }

  public EngineOptions withServing(ServingOptions options) {
    return with(copy -> copy.serving = options);
  }

  /** With packed weights kept in {@code folder}. */
  public EngineOptions withPackedFolder(@Nullable PackedFolder folder) {
    return with(copy -> copy.packedFolder = folder);
  }

  /** With keys and values kept as {@code type}. */
  public EngineOptions withKvType(KvType type) {
    return with(copy -> copy.kvType = type);
  }

  /** With prompts computed in these numerics. */
  public EngineOptions withNumerics(Numerics of) {
    return with(copy -> copy.numerics = of);
  }

  /** With adapters that requests may use. */
  public EngineOptions withAdapters(List<AdapterFile> files) {
    return with(copy -> copy.adapters = files);
  }

  /** With a budget of power. */
  public EngineOptions withPower(@Nullable PowerGovernor governor) {
    return with(copy -> copy.power = governor);
  }

  /** With so many sequences at once. */
  public EngineOptions withSlots(int count) {
    return withServing(serving.withSlots(count));
  }

  private EngineOptions with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.frozen();
  }

  /** The members, open to change. */
  private static final class Copy {
    int contextLength;
    int threads;
    @Nullable String kernels;
    Sampling sampling;
    @Nullable String chatTemplate;
    int maxBatch;
    ServingOptions serving;
    @Nullable PackedFolder packedFolder;
    KvType kvType;
    Numerics numerics;
    List<AdapterFile> adapters;
    @Nullable PowerGovernor power;

    Copy(EngineOptions of) {
      contextLength = of.contextLength;
      threads = of.threads;
      kernels = of.kernels;
      sampling = of.sampling;
      chatTemplate = of.chatTemplate;
      maxBatch = of.maxBatch;
      serving = of.serving;
      packedFolder = of.packedFolder;
      kvType = of.kvType;
      numerics = of.numerics;
      adapters = of.adapters;
      power = of.power;
    }

    EngineOptions frozen() {
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
          numerics,
          adapters,
          power);
    }
  }
}

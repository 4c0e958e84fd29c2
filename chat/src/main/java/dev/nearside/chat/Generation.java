package dev.nearside.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a reply is generated, whatever it replies to.
 *
 * @param sampling how tokens are chosen
 * @param limits when the reply ends
 * @param format what it must look like
 * @param logprobs null = not wanted; else so many of the likeliest tokens with each token
 * @param adapters at work in this request
 * @param owner whose computed prefixes it shares: those of requests with the same owner alone;
 *     empty for those that belong to nobody
 */
public record Generation(
    Sampling sampling,
    Limits limits,
    OutputFormat format,
    @Nullable Integer logprobs,
    List<AdapterUse> adapters,
    Urgency urgency,
    String owner) {
  /** The backend's own settings. */
  public static final Generation DEFAULTS = of(Sampling.DEFAULTS, Limits.NONE);

  public Generation {
    adapters = List.copyOf(adapters);
  }

  /** A generation that belongs to nobody. */
  public Generation(
      Sampling sampling,
      Limits limits,
      OutputFormat format,
      @Nullable Integer logprobs,
      List<AdapterUse> adapters,
      Urgency urgency) {
    this(sampling, limits, format, logprobs, adapters, urgency, "");
  }

  /** Plain text without extras. */
  public static Generation of(Sampling sampling, Limits limits) {
    return new Generation(sampling, limits, OutputFormat.TEXT, null, List.of(), Urgency.USUAL);
  }

  public Generation withSampling(Sampling other) {
    return new Generation(other, limits, format, logprobs, adapters, urgency, owner);
  }

  public Generation withLimits(Limits other) {
    return new Generation(sampling, other, format, logprobs, adapters, urgency, owner);
  }

  public Generation withFormat(OutputFormat other) {
    return new Generation(sampling, limits, other, logprobs, adapters, urgency, owner);
  }

  public Generation withLogprobs(@Nullable Integer top) {
    return new Generation(sampling, limits, format, top, adapters, urgency, owner);
  }

  public Generation withAdapters(List<AdapterUse> used) {
    return new Generation(sampling, limits, format, logprobs, used, urgency, owner);
  }

  public Generation withUrgency(Urgency other) {
    return new Generation(sampling, limits, format, logprobs, adapters, other, owner);
  }

  public Generation withOwner(String whose) {
    return new Generation(sampling, limits, format, logprobs, adapters, urgency, whose);
  }
}

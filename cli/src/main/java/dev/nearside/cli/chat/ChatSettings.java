package dev.nearside.cli.chat;

import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.OutputFormat;
import dev.nearside.chat.Sampling;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat begins with, and {@code /set} changes.
 *
 * @param system the system prompt, or null
 * @param maxTokens tokens of a reply at most; 0 = to the end of the context
 * @param format what a reply must look like
 * @param think whether a model that can think does; null = as it likes
 * @param isVerbose whether timings follow each reply
 */
public record ChatSettings(
    @Nullable String system,
    Sampling sampling,
    int maxTokens,
    List<String> stop,
    OutputFormat format,
    @Nullable Boolean think,
    boolean isVerbose) {

  public ChatSettings {
    stop = List.copyOf(stop);
  }

  /** How replies are generated. */
  public Generation generation() {
    return Generation.of(sampling, new Limits(maxTokens, stop)).withFormat(format);
  }

  /** Variables of the chat template. */
  public Map<String, Object> templateArgs() {
    return think == null ? Map.of() : Map.of("enable_thinking", think);
  }

  ChatSettings withSystem(@Nullable String text) {
    return new ChatSettings(text, sampling, maxTokens, stop, format, think, isVerbose);
  }

  ChatSettings withSampling(Sampling value) {
    return new ChatSettings(system, value, maxTokens, stop, format, think, isVerbose);
  }

  ChatSettings withMaxTokens(int count) {
    return new ChatSettings(system, sampling, count, stop, format, think, isVerbose);
  }

  ChatSettings withStop(List<String> strings) {
    return new ChatSettings(system, sampling, maxTokens, strings, format, think, isVerbose);
  }

  ChatSettings withThink(@Nullable Boolean value) {
    return new ChatSettings(system, sampling, maxTokens, stop, format, value, isVerbose);
  }

  ChatSettings withVerbose(boolean value) {
    return new ChatSettings(system, sampling, maxTokens, stop, format, think, value);
  }
}

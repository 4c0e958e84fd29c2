package dev.nearside.cli.chat;

import dev.nearside.chat.Sampling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chat begins with, and {@code /set} changes.
 *
 * @param system the system prompt, or null
 * @param maxTokens tokens of a reply at most; 0 = to the end of the context
 * @param think whether a model that can think does; null = as it likes
 * @param isVerbose whether timings follow each reply
 */
public record ChatSettings(
    @Nullable String system,
    Sampling sampling,
    int maxTokens,
    List<String> stop,
    @Nullable Boolean think,
    boolean isVerbose) {

  public ChatSettings {
    stop = List.copyOf(stop);
  }

  ChatSettings withSystem(@Nullable String text) {
    return new ChatSettings(text, sampling, maxTokens, stop, think, isVerbose);
  }

  ChatSettings withSampling(Sampling value) {
    return new ChatSettings(system, value, maxTokens, stop, think, isVerbose);
  }

  ChatSettings withMaxTokens(int count) {
    return new ChatSettings(system, sampling, count, stop, think, isVerbose);
  }

  ChatSettings withStop(List<String> strings) {
    return new ChatSettings(system, sampling, maxTokens, strings, think, isVerbose);
  }

  ChatSettings withThink(@Nullable Boolean value) {
    return new ChatSettings(system, sampling, maxTokens, stop, value, isVerbose);
  }

  ChatSettings withVerbose(boolean value) {
    return new ChatSettings(system, sampling, maxTokens, stop, think, value);
  }
}

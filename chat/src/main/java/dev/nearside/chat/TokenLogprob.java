package dev.nearside.chat;

import java.util.List;

/**
 * How likely a token was.
 *
 * @param text the token; what is no whole character is U+FFFD
 * @param bytes the token, exactly
 * @param logprob natural logarithm of its probability, before any sampler
 * @param top the likeliest tokens at this place, most likely first; without {@code top} of their
 *     own
 */
public record TokenLogprob(
    int id, String text, byte[] bytes, double logprob, List<TokenLogprob> top) {
  public TokenLogprob {
    top = List.copyOf(top);
  }
}

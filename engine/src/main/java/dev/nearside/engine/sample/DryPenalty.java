package dev.nearside.engine.sample;

import dev.nearside.chat.Sampling;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * "Don't repeat yourself" (p-e-w, text-generation-webui #5677): a token that would extend the
 * longest suffix seen before by one more is penalised exponentially in that suffix's length.
 *
 * <p>The suffix lengths come from the Z function of the reversed history, in linear time.
 */
final class DryPenalty {
  private final Sampling.Dry settings;
  private final IntPredicate isBreaker;

  /**
   * @param isBreaker whether a token holds one of the breakers
   */
  DryPenalty(Sampling.Dry settings, IntPredicate isBreaker) {
    this.settings = settings;
    this.isBreaker = isBreaker;
  }

  void apply(Candidates candidates, TokenHistory history) {
    int[] reversed = recent(history);
    if (reversed.length < 2) {
      return;
    }
    int[] match = suffixMatches(reversed);
    Map<Integer, Integer> longest = new HashMap<>();
    for (int i = 1; i < reversed.length; i++) {
      // reversed[i …] repeats the current suffix for match[i] tokens; reversed[i - 1] followed it.
      if (match[i] >= settings.allowedLength()) {
        longest.merge(reversed[i - 1], match[i], Math::max);
      }
    }
    longest.keySet().removeIf(isBreaker::test);
    candidates.change(longest, this::penalised);
  }

  private float penalised(float logit, int length) {
    double power = Math.min(length - settings.allowedLength(), 1000);
    double penalty = settings.multiplier() * StrictMath.pow(settings.base(), power);
    return (float) (logit - Math.min(penalty, Float.MAX_VALUE / 4));
  }

  // The history from its end back to the last breaker's place is where a suffix may stand; earlier
  // occurrences are cut at breakers too, because a breaker never equals another token.
  private int[] recent(TokenHistory history) {
    int reach =
        settings.lastTokens() < 0
            ? history.length()
            : Math.min(settings.lastTokens(), history.length());
    int[] out = new int[reach];
    for (int i = 0; i < reach; i++) {
      out[i] = history.at(history.length() - 1 - i);
    }
    return out;
  }

  private int[] suffixMatches(int[] s) {
    int n = s.length;
    int limit = 0;
    while (limit < n && !isBreaker.test(s[limit])) {
      limit++;
    }
    int[] z = new int[n];
    int left = 0;
    int right = 0;
    for (int i = 1; i < n; i++) {
      int k = i < right ? Math.min(right - i, z[i - left]) : 0;
      while (i + k < n && k < limit && s[k] == s[i + k]) {
        k++;
      }
      z[i] = k;
      if (i + k > right) {
        left = i;
        right = i + k;
      }
    }
    return z;
  }
}

package dev.nearside.engine.schedule;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Splits a step's room for prompt tokens among those who want some. */
final class Shares {
  private Shares() {}

  /**
   * Half of the room is for the first, so that somebody is soon done; the rest is split evenly, and
   * what a small want leaves goes to the larger ones: a long prompt never holds a short one up.
   *
   * @param wants tokens, most urgent first
   * @return tokens for each
   */
  static int[] of(int room, int[] wants) {
    int[] shares = new int[wants.length];
    if (wants.length == 0) {
      return shares;
    }
    shares[0] = Math.min(wants[0], wants.length == 1 ? room : room / 2);
    int left = room - shares[0];
    int[] bySize =
        IntStream.range(0, wants.length)
            .boxed()
            .sorted((a, b) -> Integer.compare(wants[a] - shares[a], wants[b] - shares[b]))
            .mapToInt(i -> i)
            .toArray();
    for (int i = 0; i < bySize.length; i++) {
      int fair = Math.ceilDiv(left, bySize.length - i);
      int more = Math.min(fair, wants[bySize[i]] - shares[bySize[i]]);
      shares[bySize[i]] += more;
      left -= more;
    }
    assert Arrays.stream(shares).sum() <= room;
    return shares;
  }
}

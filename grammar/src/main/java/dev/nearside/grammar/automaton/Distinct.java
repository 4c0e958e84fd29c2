package dev.nearside.grammar.automaton;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a rule whose texts must differ from each other in a list: from each state, how
 * many ways there are to the end. The rule has no calls, so it is a plain finite automaton.
 */
final class Distinct {
  /** More ways than any list has items. */
  static final int MANY = 1 << 20;

  private static final int MAX_LENGTH = 4_096;

  private final Automaton automaton;
  private final int first;
  private final int states;
  private final int[] distance; // (states of the rule) bytes to the nearest end
  private final int[] ways; // (states of the rule) up to MANY

  /** How many bytes more than to the nearest end a text needs that differs from all others. */
  final int slack;

  /** The bytes of the longest of the shortest texts that a list of most items needs. */
  final int worstLength;

  Distinct(Automaton automaton, int rule, int most) {
    this.automaton = automaton;
    int low = automaton.stateCount();
    int high = 0;
    for (int s = 0; s < automaton.stateCount(); s++) {
      if (automaton.ruleOf[s] == rule) {
        low = Math.min(low, s);
        high = Math.max(high, s + 1);
      }
    }
    first = low;
    states = Math.max(0, high - low);
    distance = new int[states];
    ways = new int[states];
    Arrays.fill(distance, MANY);
    worstLength = count(automaton.rules[rule].start(), most);
    slack = slack(most);
  }

  /** Counts the ways by length; returns the length at which there are {@code most} of them. */
  private int count(int start, int most) {
    long[] exact = new long[states];
    int worst = 0;
    for (int s = 0; s < states; s++) {
      exact[s] = automaton.finalAtLeast[first + s] >= 0 ? 1 : 0;
    }
    boolean isMore = true;
    for (int length = 0; length <= MAX_LENGTH && isMore; length++) {
      isMore = false;
      for (int s = 0; s < states; s++) {
        if (exact[s] > 0) {
          isMore = true;
          distance[s] = Math.min(distance[s], length);
          boolean isShort = s == start - first && ways[s] < most;
          ways[s] = (int) Math.min(MANY, ways[s] + exact[s]);
          worst = isShort ? length : worst;
        }
      }
      exact = longer(exact);
    }
    if (isMore) {
      // There are texts of any length: a loop can be taken as often as one likes.
      for (int s = 0; s < states; s++) {
        ways[s] = exact[s] > 0 || reachesLong(exact, s) ? MANY : ways[s];
      }
    }
    return worst;
  }

  private int slack(int most) {
    long[] exact = new long[states];
    long[] sum = new long[states];
    int out = 0;
    for (int s = 0; s < states; s++) {
      exact[s] = automaton.finalAtLeast[first + s] >= 0 ? 1 : 0;
    }
    for (int length = 0; length <= MAX_LENGTH; length++) {
      boolean isMore = false;
      for (int s = 0; s < states; s++) {
        boolean isWanted = ways[s] >= MANY && sum[s] <= most;
        sum[s] = Math.min(MANY, sum[s] + exact[s]);
        if (isWanted) {
          isMore = true;
          out = Math.max(out, length - distance[s]);
        }
      }
      if (!isMore) {
        break;
      }
      exact = longer(exact);
    }
    return out;
  }

  private boolean reachesLong(long[] exact, int s) {
    long[] at = exact;
    for (int i = 0; i <= states && i < 64; i++) {
      if (at[s] > 0) {
        return true;
      }
      at = longer(at);
    }
    return false;
  }

  private long[] longer(long[] exact) {
    long[] out = new long[states];
    int classes = automaton.classCount;
    long[] width = new long[classes];
    for (byte c : automaton.classOf) {
      width[c & 0xFF]++;
    }
    for (int s = 0; s < states; s++) {
      for (int c = 0; c < classes; c++) {
        int to = automaton.next[(first + s) * classes + c];
        if (to >= 0 && exact[to - first] > 0) {
          out[s] = Math.min(MANY, out[s] + width[c] * exact[to - first]);
        }
      }
    }
    return out;
  }

  boolean isEndless(int state) {
    return ways[state - first] >= MANY;
  }

  /** Whether a text that is not in {@code seen} can still be finished. */
  boolean isOpen(int state, @Nullable Seen seen, byte[] prefix) {
    return isEndless(state) || ways[state - first] > Seen.startingWith(seen, prefix);
  }

  /** The fewest bytes to the end of a text that is not in {@code seen}. */
  int shortest(int state, @Nullable Seen seen, byte[] prefix) {
    int near = distance[state - first];
    for (int length = near; length < near + 64; length++) {
      if (find(state, seen, Arrays.copyOf(prefix, prefix.length + length), prefix.length)) {
        return length;
      }
    }
    return Shortest.INFINITE;
  }

  /** Fills {@code text} from {@code at}; each full one that fails is one of those seen. */
  private boolean find(int state, @Nullable Seen seen, byte[] text, int at) {
    if (at == text.length) {
      return automaton.finalAtLeast[state] >= 0 && !Seen.contains(seen, text);
    }
    for (int b = 0; b < 256; b++) {
      int to = automaton.next[state * automaton.classCount + (automaton.classOf[b] & 0xFF)];
      if (to >= 0 && distance[to - first] <= text.length - at - 1) {
        text[at] = (byte) b;
        if (find(to, seen, text, at + 1)) {
          return true;
        }
      }
    }
    return false;
  }
}

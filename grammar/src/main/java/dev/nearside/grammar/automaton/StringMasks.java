package dev.nearside.grammar.automaton;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.text.IntList;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens fit inside a JSON string, by how many characters they begin. All JSON strings of all
 * grammars have the same states, whatever their limits, so this is worked out once per vocabulary:
 * it is where most tokens are allowed and a walk costs most.
 */
public final class StringMasks {
  /** Masks are kept for up to so many characters; longer tokens are listed. */
  private static final int MASKS = 16;

  /** A state whose tokens are fewer than this lists all of them. */
  private static final int DENSE = 2_000;

  private final TokenTrie trie;
  private final Automaton automaton;
  private final int start;
  private final int inside; // the state between two characters
  private final @Nullable AtState[] states;

  /**
   * The tokens from one state.
   *
   * @param whole tokens that end between two characters; [n] are those with up to n characters,
   *     none where they are few
   * @param listed tokens that end between characters and are not in {@code whole}, by characters
   * @param listedChars their characters, ascending
   * @param partial tokens that end inside a character or an escape
   * @param partialChars their characters
   * @param partialStates the states in which they end, from the start of the rule
   * @param closed trie entries at which the string ends
   * @param closedChars their characters
   */
  record AtState(
      long[][] whole,
      int[] listed,
      int[] listedChars,
      int[] partial,
      int[] partialChars,
      int[] partialStates,
      int[] closed,
      int[] closedChars) {}

  /** Masks over a vocabulary; filled state by state as they are needed. */
  public StringMasks(TokenTrie trie) {
    this.trie = trie;
    Expr string = new Expr.JsonString(0, Integer.MAX_VALUE - 1);
    automaton = GrammarCompiler.compile(Map.of("root", new Expr.Repeat(string, 1, 1)), "root");
    int found = 0;
    for (Automaton.Rule rule : automaton.rules) {
      found = rule.isString() ? rule.start() : found;
    }
    start = found;
    inside = automaton.guardedTarget(start, '"');
    states = new AtState[automaton.stateCount()];
  }

  /**
   * @param offset the state's distance from the start of its rule
   */
  synchronized AtState at(int offset) {
    AtState known = states[offset];
    if (known == null) {
      known = walk(start + offset);
      states[offset] = known;
    }
    return known;
  }

  private AtState walk(int from) {
    int[] at = new int[trie.maxLength() + 1];
    int[] chars = new int[at.length];
    at[0] = from;
    IntList open = new IntList();
    IntList openChars = new IntList();
    IntList partial = new IntList();
    IntList partialChars = new IntList();
    IntList partialStates = new IntList();
    IntList closed = new IntList();
    IntList closedChars = new IntList();
    for (int i = 1; i < trie.size(); ) {
      int d = trie.depth[i];
      int b = trie.label[i] & 0xFF;
      int entry = automaton.next[at[d - 1] * automaton.classCount + (automaton.classOf[b] & 0xFF)];
      if (entry == Automaton.NONE) {
        i = trie.end[i];
        continue;
      }
      chars[d] = chars[d - 1];
      if (entry < 0) {
        Automaton.Guarded edge = automaton.guarded[-2 - entry];
        chars[d] += edge.inc();
        entry = edge.target();
      }
      if (automaton.isPureEnd[entry]) {
        closed.add(i);
        closedChars.add(chars[d]);
        i = trie.end[i];
        continue;
      }
      at[d] = entry;
      for (int t = trie.token[i]; t >= 0; t = trie.twin[t]) {
        if (entry == inside) {
          open.add(t);
          openChars.add(chars[d]);
        } else {
          partial.add(t);
          partialChars.add(chars[d]);
          partialStates.add(entry - start);
        }
      }
      i++;
    }
    AtState ends =
        new AtState(
            new long[0][],
            new int[0],
            new int[0],
            partial.toArray(),
            partialChars.toArray(),
            partialStates.toArray(),
            closed.toArray(),
            closedChars.toArray());
    return sorted(open, openChars, ends);
  }

  private AtState sorted(IntList open, IntList openChars, AtState ends) {
    long[] order = new long[open.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) openChars.get(i) << 32 | open.get(i);
    }
    Arrays.sort(order);
    long[][] masks = new long[0][];
    int listedFrom = 0;
    if (order.length >= DENSE) {
      masks = new long[MASKS + 1][(trie.vocabSize() + 63) / 64];
      for (int n = 0; n <= MASKS; n++) {
        if (n > 0) {
          System.arraycopy(masks[n - 1], 0, masks[n], 0, masks[n].length);
        }
        for (; listedFrom < order.length && order[listedFrom] >> 32 <= n; listedFrom++) {
          int token = (int) order[listedFrom];
          masks[n][token >> 6] |= 1L << token;
        }
      }
    }
    int[] listed = new int[order.length - listedFrom];
    int[] listedChars = new int[listed.length];
    for (int i = 0; i < listed.length; i++) {
      listed[i] = (int) order[listedFrom + i];
      listedChars[i] = (int) (order[listedFrom + i] >> 32);
    }
    return new AtState(
        masks,
        listed,
        listedChars,
        ends.partial(),
        ends.partialChars(),
        ends.partialStates(),
        ends.closed(),
        ends.closedChars());
  }

  /** Adds the tokens that end between characters and begin {@code min} to {@code max} of them. */
  static void addWhole(AtState at, long min, long max, long[] bits) {
    if (at.whole().length > 0 && min <= MASKS) {
      long[] mask = at.whole()[(int) Math.min(max, MASKS)];
      long[] less = min > 0 ? at.whole()[(int) min - 1] : new long[mask.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] |= mask[i] & ~less[i];
      }
    }
    for (int i = 0; i < at.listed().length && at.listedChars()[i] <= max; i++) {
      if (at.listedChars()[i] >= min) {
        int token = at.listed()[i];
        bits[token >> 6] |= 1L << token;
      }
    }
  }

  /** The distance from the start of a string's rule to the state between two characters. */
  int insideOffset() {
    return inside - start;
  }
}

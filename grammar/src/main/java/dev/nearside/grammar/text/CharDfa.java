package dev.nearside.grammar.text;

import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.GrammarException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A regular language of texts as a deterministic automaton over Unicode scalar values. State 0 is
 * the start; a missing transition is -1. Characters that no state tells apart share a class.
 */
public final class CharDfa {
  /** The most states that an operation may produce. */
  static final int MAX_STATES = 20_000;

  private final int[] starts; // (classes) first character of each class
  private final int[] next; // (states, classes)
  private final boolean[] finals; // (states)

  private CharDfa(int[] starts, int[] next, boolean[] finals) {
    this.starts = starts;
    this.next = next;
    this.finals = finals;
  }

  /** Collects states and transitions; ranges of one state must not overlap. */
  public static final class Builder {
    private final TreeMap<Integer, TreeMap<Integer, int[]>> ranges = new TreeMap<>();
    private final IntList isFinal = new IntList();

    /** A builder without states. */
    public Builder() {}

    public int state(boolean accepts) {
      isFinal.add(accepts ? 1 : 0);
      if (isFinal.size() > MAX_STATES) {
        throw GrammarException.tooLarge("states of a pattern", MAX_STATES);
      }
      return isFinal.size() - 1;
    }

    public void setFinal(int state) {
      isFinal.set(state, 1);
    }

    public void range(int from, int low, int high, int to) {
      ranges.computeIfAbsent(from, s -> new TreeMap<>()).put(low, new int[] {high, to});
    }

    public void chars(int from, CharSet set, int to) {
      for (int i = 0; i < set.rangeCount(); i++) {
        range(from, set.low(i), set.high(i), to);
      }
    }

    public int size() {
      return isFinal.size();
    }

    public CharDfa build() {
      TreeSet<Integer> cuts = new TreeSet<>();
      cuts.add(0);
      ranges
          .values()
          .forEach(map ->
              map.forEach((low, end) -> {
                cuts.add(low);
                cuts.add(end[0] + 1);
              }));
      cuts.remove(Character.MAX_CODE_POINT + 1);
      int[] starts = cuts.stream().mapToInt(Integer::intValue).toArray();
      int classes = starts.length;
      checkCells((long) isFinal.size() * classes);
      int[] next = new int[isFinal.size() * classes];
      Arrays.fill(next, -1);
      ranges.forEach((from, map) ->
          map.forEach((low, end) -> {
            int c = Arrays.binarySearch(starts, low);
            for (; c < classes && starts[c] <= end[0]; c++) {
              next[from * classes + c] = end[1];
            }
          }));
      boolean[] finals = new boolean[isFinal.size()];
      for (int s = 0; s < finals.length; s++) {
        finals[s] = isFinal.get(s) == 1;
      }
      return new CharDfa(starts, next, finals);
    }
  }

  private static void checkCells(long cells) {
    if (cells > 8_000_000) {
      throw GrammarException.tooLarge("transitions of a pattern", 8_000_000);
    }
  }

  /** Exactly these texts. */
  public static CharDfa ofTexts(Collection<String> texts) {
    Builder builder = new Builder();
    Map<Long, Integer> children = new HashMap<>();
    builder.state(false);
    for (String text : texts) {
      int state = 0;
      for (int c : text.codePoints().toArray()) {
        long key = (long) state << 32 | c;
        Integer child = children.get(key);
        if (child == null) {
          child = builder.state(false);
          children.put(key, child);
          builder.range(state, c, c, child);
        }
        state = child;
      }
      builder.setFinal(state);
    }
    return builder.build();
  }

  /** Texts of {@code min} to {@code max} characters; no upper limit where max is negative. */
  public static CharDfa ofLength(int min, int max) {
    Builder builder = new Builder();
    int states = max < 0 ? min + 1 : max + 1;
    for (int n = 0; n < states; n++) {
      builder.state(n >= min);
    }
    for (int n = 0; n + 1 < states; n++) {
      builder.chars(n, CharSet.ALL, n + 1);
    }
    if (max < 0) {
      builder.chars(min, CharSet.ALL, min);
    }
    return builder.build();
  }

  /** Texts in which none of {@code forbidden} occurs. */
  public static CharDfa without(Collection<String> forbidden) {
    return search(forbidden, false);
  }

  /** Texts that end with the first occurrence of one of {@code triggers}. */
  public static CharDfa until(Collection<String> triggers) {
    return search(triggers, true);
  }

  /** The automaton of Aho and Corasick (1975) for finding any of {@code words}. */
  private static CharDfa search(Collection<String> words, boolean mustFind) {
    TreeMap<String, Integer> prefixes = new TreeMap<>();
    Builder builder = new Builder();
    TreeSet<Integer> alphabet = new TreeSet<>();
    prefixes.put("", builder.state(!mustFind));
    for (String word : words) {
      for (int i = 0; i < word.length(); i = word.offsetByCodePoints(i, 1)) {
        alphabet.add(word.codePointAt(i));
        String prefix = word.substring(0, word.offsetByCodePoints(i, 1));
        prefixes.computeIfAbsent(prefix, p -> builder.state(!mustFind));
      }
    }
    CharSet others =
        CharSet.of(alphabet.stream().flatMapToInt(c -> IntStream.of(c, c)).toArray()).complement();
    int found = builder.state(true);
    prefixes.forEach((prefix, state) -> {
      builder.chars(state, others, 0);
      for (int c : alphabet) {
        String text = prefix + Character.toString(c);
        boolean isFound = words.stream().anyMatch(w -> !w.isEmpty() && text.endsWith(w));
        if (!isFound) {
          builder.range(state, c, c, longestSuffix(text, prefixes));
        } else if (mustFind) {
          builder.range(state, c, c, found);
        }
      }
    });
    return builder.build().trimmed();
  }

  private static int longestSuffix(String text, Map<String, Integer> prefixes) {
    String suffix = text;
    while (!prefixes.containsKey(suffix)) {
      suffix = suffix.substring(suffix.offsetByCodePoints(0, 1));
    }
    return Objects.requireNonNull(prefixes.get(suffix));
  }

  public static CharDfa all() {
    return ofLength(0, -1);
  }

  public int stateCount() {
    return finals.length;
  }

  public int classCount() {
    return starts.length;
  }

  public int classLow(int charClass) {
    return starts[charClass];
  }

  public int classHigh(int charClass) {
    return charClass + 1 < starts.length ? starts[charClass + 1] - 1 : Character.MAX_CODE_POINT;
  }

  public boolean isFinal(int state) {
    return finals[state];
  }

  /** The state after a character of the class, or -1. */
  public int next(int state, int charClass) {
    return next[state * starts.length + charClass];
  }

  public boolean accepts(String text) {
    int state = 0;
    for (int c : text.codePoints().toArray()) {
      int at = Arrays.binarySearch(starts, c);
      state = next(state, at >= 0 ? at : -at - 2);
      if (state < 0) {
        return false;
      }
    }
    return finals[state];
  }

  public CharDfa intersect(CharDfa other) {
    return product(this, other, 0b1000);
  }

  public CharDfa union(CharDfa other) {
    return product(this, other, 0b1110);
  }

  /** What is in this language and not in the other. */
  public CharDfa minus(CharDfa other) {
    return product(this, other, 0b0010);
  }

  /** Texts that begin with a text of this language. */
  public CharDfa prefixed() {
    int[] out = next.clone();
    for (int s = 0; s < finals.length; s++) {
      if (finals[s]) {
        Arrays.fill(out, s * starts.length, (s + 1) * starts.length, s);
      }
    }
    return new CharDfa(starts, out, finals);
  }

  public CharDfa complement() {
    return all().minus(this);
  }

  /** Whether there is no text at all. */
  public boolean isEmpty() {
    return !live()[0];
  }

  /** How many texts there are, up to {@code limit}. */
  public long count(int limit) {
    int classes = starts.length;
    long[] exact = new long[finals.length];
    for (int s = 0; s < exact.length; s++) {
      exact[s] = finals[s] ? 1 : 0;
    }
    long total = 0;
    for (int length = 0; length <= finals.length && total < limit; length++) {
      total += exact[0];
      long[] longer = new long[exact.length];
      for (int s = 0; s < exact.length; s++) {
        for (int c = 0; c < classes; c++) {
          int to = next(s, c);
          if (to >= 0) {
            long width = (long) classHigh(c) - classLow(c) + 1;
            longer[s] = Math.min(limit, longer[s] + Math.min(limit, width) * exact[to]);
          }
        }
      }
      exact = longer;
    }
    return endless() ? limit : Math.min(limit, total);
  }

  /** Whether a live loop can be reached from the start. */
  private boolean endless() {
    boolean[] live = live();
    int[] mark = new int[finals.length];
    IntList stack = new IntList();
    IntList at = new IntList();
    stack.add(0);
    at.add(0);
    mark[0] = 1;
    while (stack.size() > 0) {
      int state = stack.get(stack.size() - 1);
      int c = at.get(at.size() - 1);
      if (c == starts.length) {
        mark[state] = 2;
        stack.removeLast();
        at.removeLast();
        continue;
      }
      at.set(at.size() - 1, c + 1);
      int to = next(state, c);
      if (to >= 0 && live[to] && mark[to] == 1) {
        return true;
      }
      if (to >= 0 && live[to] && mark[to] == 0) {
        mark[to] = 1;
        stack.add(to);
        at.add(0);
      }
    }
    return false;
  }

  /** For each state whether a text can still be finished from it. */
  public boolean[] live() {
    boolean[] live = finals.clone();
    int classes = starts.length;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int s = finals.length - 1; s >= 0; s--) {
        for (int c = 0; c < classes && !live[s]; c++) {
          int to = next[s * classes + c];
          if (to >= 0 && live[to]) {
            live[s] = true;
            changed = true;
          }
        }
      }
    }
    return live;
  }

  /**
   * The product of two languages.
   *
   * @param truth bit (2·inB + inA) says whether a text is in the result; bit 0 must be 0
   */
  private static CharDfa product(CharDfa a, CharDfa b, int truth) {
    TreeSet<Integer> cuts = new TreeSet<>();
    Arrays.stream(a.starts).forEach(cuts::add);
    Arrays.stream(b.starts).forEach(cuts::add);
    int[] starts = cuts.stream().mapToInt(Integer::intValue).toArray();
    int classes = starts.length;
    int[] classA = classesOf(starts, a.starts);
    int[] classB = classesOf(starts, b.starts);
    Map<Long, Integer> ids = new HashMap<>();
    IntList left = new IntList();
    IntList right = new IntList();
    IntList next = new IntList();
    ids.put(0L, 0);
    left.add(0);
    right.add(0);
    for (int s = 0; s < left.size(); s++) {
      checkCells((long) (s + 1) * classes);
      for (int c = 0; c < classes; c++) {
        int l = left.get(s) < 0 ? -1 : a.next(left.get(s), classA[c]);
        int r = right.get(s) < 0 ? -1 : b.next(right.get(s), classB[c]);
        boolean dead = (l < 0 && r < 0) || (l < 0 && truth != 0b1110) || (r < 0 && truth == 0b1000);
        if (dead) {
          next.add(-1);
          continue;
        }
        long key = (long) l << 32 | (r & 0xFFFFFFFFL);
        Integer id = ids.get(key);
        if (id == null) {
          id = left.size();
          if (id >= MAX_STATES) {
            throw GrammarException.tooLarge("states of a pattern", MAX_STATES);
          }
          ids.put(key, id);
          left.add(l);
          right.add(r);
        }
        next.add(id);
      }
    }
    boolean[] finals = new boolean[left.size()];
    for (int s = 0; s < finals.length; s++) {
      int inA = left.get(s) >= 0 && a.finals[left.get(s)] ? 1 : 0;
      int inB = right.get(s) >= 0 && b.finals[right.get(s)] ? 1 : 0;
      finals[s] = (truth >> (2 * inB + inA) & 1) == 1;
    }
    return new CharDfa(starts, next.toArray(), finals).trimmed();
  }

  private static int[] classesOf(int[] fine, int[] coarse) {
    int[] out = new int[fine.length];
    int at = 0;
    for (int i = 0; i < fine.length; i++) {
      while (at + 1 < coarse.length && coarse[at + 1] <= fine[i]) {
        at++;
      }
      out[i] = at;
    }
    return out;
  }

  /** The same language without transitions into states from which nothing can be finished. */
  public CharDfa trimmed() {
    boolean[] live = live();
    int[] out = next.clone();
    for (int i = 0; i < out.length; i++) {
      if (out[i] >= 0 && !live[out[i]]) {
        out[i] = -1;
      }
    }
    return new CharDfa(starts, out, finals);
  }
}

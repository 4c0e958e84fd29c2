package dev.nearside.grammar.text;

import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.GrammarException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Regular expressions as languages of texts. */
public final class Regex {
  private static final int MAX_POSITIONS = 200_000;
  private static final long MAX_WORK = 40_000_000;

  private static final int EPSILON = -1;
  private static final int AT_START = -2;
  private static final int AT_END = -3;

  /** kind of each edge: a number of a set, or one of the constants */
  private final IntList kinds = new IntList();

  private final IntList targets = new IntList();
  private final IntList nextEdge = new IntList();
  private final IntList firstEdge = new IntList();
  private final List<CharSet> sets = new ArrayList<>();
  private final Map<CharSet, Integer> setIds = new HashMap<>();
  private long work;

  private Regex() {}

  /** The texts in which the pattern is found somewhere, as JSON Schema's {@code pattern} asks. */
  public static CharDfa found(String pattern) {
    return language(RegexParser.parse(pattern, false), true);
  }

  /** The same where engines differ on what matches: all texts in which one of them finds it. */
  public static CharDfa foundByAny(String pattern) {
    return language(RegexParser.parse(pattern, true), true);
  }

  /** The texts that the pattern matches from beginning to end. */
  public static CharDfa whole(String pattern) {
    return language(RegexParser.parse(pattern, false), false);
  }

  private static CharDfa language(RegexTree tree, boolean isFound) {
    List<RegexTree> parts =
        tree instanceof RegexTree.Sequence sequence
            ? new ArrayList<>(sequence.parts())
            : new ArrayList<>(List.of(tree));
    boolean isAnchored = !parts.isEmpty() && parts.getFirst() instanceof RegexTree.Start;
    int first = isAnchored ? 1 : 0;
    List<RegexTree.Look> looks = new ArrayList<>();
    while (parts.size() > first && parts.get(first) instanceof RegexTree.Look look) {
      looks.add(look);
      parts.remove(first);
    }
    if (!looks.isEmpty() && isFound && !isAnchored) {
      throw RegexParser.fault("look-ahead is supported only after ^", "(?=", 0);
    }
    CharDfa out = new Regex().compile(new RegexTree.Sequence(parts), isFound, isFound);
    for (RegexTree.Look look : looks) {
      CharDfa ahead = new Regex().compile(look.body(), false, true);
      out = look.isNegated() ? out.minus(ahead) : out.intersect(ahead);
    }
    return out.trimmed();
  }

  private CharDfa compile(RegexTree tree, boolean anyBefore, boolean anyAfter) {
    int all = setId(CharSet.ALL);
    int start = state();
    if (anyBefore) {
      edge(start, all, start);
    }
    int begin = state();
    edge(start, EPSILON, begin);
    int end = add(tree, begin);
    int last = state();
    edge(end, EPSILON, last);
    if (anyAfter) {
      edge(last, all, last);
    }
    return determinise(start, last);
  }

  private int state() {
    if (firstEdge.size() >= MAX_POSITIONS) {
      throw GrammarException.tooLarge("positions of a pattern", MAX_POSITIONS);
    }
    firstEdge.add(-1);
    return firstEdge.size() - 1;
  }

  private void edge(int from, int kind, int to) {
    kinds.add(kind);
    targets.add(to);
    nextEdge.add(firstEdge.get(from));
    firstEdge.set(from, kinds.size() - 1);
  }

  private int setId(CharSet set) {
    return setIds.computeIfAbsent(
        set,
        s -> {
          sets.add(s);
          return sets.size() - 1;
        });
  }

  /** Adds the tree after {@code from}; returns the state behind it. */
  private int add(RegexTree tree, int from) {
    return switch (tree) {
      case RegexTree.Chars(CharSet set) -> step(from, setId(set));
      case RegexTree.Start() -> step(from, AT_START);
      case RegexTree.End() -> step(from, AT_END);
      case RegexTree.Look look ->
          throw RegexParser.fault("look-ahead is supported only at the start", "(?=", 0);
      case RegexTree.Sequence(List<RegexTree> parts) -> {
        int at = from;
        for (RegexTree part : parts) {
          at = add(part, at);
        }
        yield at;
      }
      case RegexTree.Choice(List<RegexTree> options) -> {
        int end = state();
        for (RegexTree option : options) {
          edge(add(option, step(from, EPSILON)), EPSILON, end);
        }
        yield end;
      }
      case RegexTree.Repeat repeat -> repeat(repeat, from);
    };
  }

  private int step(int from, int kind) {
    int to = state();
    edge(from, kind, to);
    return to;
  }

  private int repeat(RegexTree.Repeat repeat, int from) {
    int at = from;
    for (int i = 0; i < repeat.min(); i++) {
      count();
      at = add(repeat.body(), at);
    }
    if (repeat.max() < 0) {
      int loop = step(at, EPSILON);
      edge(add(repeat.body(), loop), EPSILON, loop);
      return step(loop, EPSILON);
    }
    int end = state();
    for (int i = repeat.min(); i < repeat.max(); i++) {
      edge(at, EPSILON, end);
      at = add(repeat.body(), step(at, EPSILON));
    }
    edge(at, EPSILON, end);
    return end;
  }

  private CharDfa determinise(int start, int last) {
    TreeSet<Integer> cuts = new TreeSet<>();
    for (CharSet set : sets) {
      for (int i = 0; i < set.rangeCount(); i++) {
        cuts.add(set.low(i));
        cuts.add(set.high(i) + 1);
      }
    }
    cuts.remove(Character.MAX_CODE_POINT + 1);
    int[] lows = cuts.stream().mapToInt(Integer::intValue).toArray();
    boolean[][] members = new boolean[sets.size()][lows.length];
    for (int s = 0; s < members.length; s++) {
      for (int c = 0; c < lows.length; c++) {
        members[s][c] = sets.get(s).contains(lows[c]);
      }
    }
    CharDfa.Builder out = new CharDfa.Builder();
    Map<Key, Integer> ids = new HashMap<>();
    List<int[]> subsets = new ArrayList<>();
    subset(closure(new int[] {start}, true), true, last, out, ids, subsets);
    for (int s = 0; s < subsets.size(); s++) {
      int[] subset = subsets.get(s);
      int runTo = -1;
      int runFrom = 0;
      int[] before = new int[0];
      for (int c = 0; c <= lows.length; c++) {
        int[] raw = c < lows.length ? targets(subset, members, c) : new int[0];
        int to = runTo;
        if (c == lows.length || !Arrays.equals(raw, before) || c == 0) {
          to = raw.length == 0 ? -1 : subset(closure(raw, false), false, last, out, ids, subsets);
        }
        before = raw;
        if (to != runTo || c == lows.length) {
          if (runTo >= 0) {
            int high = c < lows.length ? lows[c] - 1 : Character.MAX_CODE_POINT;
            out.range(s, runFrom, high, runTo);
          }
          runTo = to;
          runFrom = c < lows.length ? lows[c] : 0;
        }
      }
    }
    return out.build();
  }

  private record Key(int[] states) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key(int[] its) && Arrays.equals(states, its);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(states);
    }
  }

  private int subset(
      int[] states,
      boolean isStart,
      int last,
      CharDfa.Builder out,
      Map<Key, Integer> ids,
      List<int[]> subsets) {
    // The start has its own state: assertions hold there that hold nowhere else.
    Integer known = isStart ? null : ids.get(new Key(states));
    if (known != null) {
      return known;
    }
    int id = out.state(endsHere(states, isStart, last));
    subsets.add(states);
    if (!isStart) {
      ids.put(new Key(states), id);
    }
    return id;
  }

  private int[] targets(int[] subset, boolean[][] members, int charClass) {
    IntList out = new IntList();
    for (int state : subset) {
      for (int e = firstEdge.get(state); e >= 0; e = nextEdge.get(e)) {
        count();
        int kind = kinds.get(e);
        if (kind >= 0 && members[kind][charClass]) {
          out.add(targets.get(e));
        }
      }
    }
    int[] sorted = out.toArray();
    Arrays.sort(sorted);
    return Arrays.stream(sorted).distinct().toArray();
  }

  private int[] closure(int[] from, boolean isStart) {
    return reach(from, isStart, false);
  }

  private boolean endsHere(int[] states, boolean isStart, int last) {
    return Arrays.binarySearch(reach(states, isStart, true), last) >= 0;
  }

  private int[] reach(int[] from, boolean isStart, boolean isEnd) {
    TreeSet<Integer> seen = new TreeSet<>();
    IntList todo = new IntList();
    for (int state : from) {
      if (seen.add(state)) {
        todo.add(state);
      }
    }
    while (todo.size() > 0) {
      int state = todo.removeLast();
      for (int e = firstEdge.get(state); e >= 0; e = nextEdge.get(e)) {
        count();
        int kind = kinds.get(e);
        boolean isOpen =
            kind == EPSILON || (kind == AT_START && isStart) || (kind == AT_END && isEnd);
        if (isOpen && seen.add(targets.get(e))) {
          todo.add(targets.get(e));
        }
      }
    }
    return seen.stream().mapToInt(Integer::intValue).toArray();
  }

  private void count() {
    if (++work > MAX_WORK) {
      throw GrammarException.tooLarge("steps to compile a pattern", MAX_WORK);
    }
  }
}

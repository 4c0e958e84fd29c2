package dev.nearside.grammar.automaton;

import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.text.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the automaton of one rule deterministic, byte by byte and callee by callee. */
final class Subsets {
  private static final long MAX_WORK = 60_000_000;

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

  private final RuleTable table;
  private final int rule;
  private final Nfa nfa;
  private final int end;
  private final Map<Key, Integer> ids = new HashMap<>();
  private final List<int[]> subsets = new ArrayList<>();
  private final IntList stateIds = new IntList();
  private final int[] seen;
  private int stamp;
  private long work;

  Subsets(RuleTable table, int rule, Nfa nfa, int end) {
    this.table = table;
    this.rule = rule;
    this.nfa = nfa;
    this.end = end;
    seen = new int[nfa.stateCount()];
  }

  /** Builds all states; returns the first, which is never entered again and is no end. */
  int start(int nfaStart) {
    int first = table.state(rule);
    subsets.add(closure(new int[] {nfaStart}));
    stateIds.add(first);
    for (int i = 0; i < subsets.size(); i++) {
      expand(stateIds.get(i), subsets.get(i));
    }
    return first;
  }

  private void expand(int state, int[] subset) {
    int classes = table.classes.count();
    @Nullable IntList[] byClass = new IntList[classes];
    TreeMap<Integer, IntList> byRule = new TreeMap<>();
    TreeMap<Integer, IntList> byToken = new TreeMap<>();
    for (int s : subset) {
      for (int e = nfa.first(s); e >= 0; e = nfa.next(e)) {
        count();
        int to = nfa.target(e);
        switch (nfa.kind(e)) {
          case EPSILON -> {}
          case CALL -> byRule.computeIfAbsent(nfa.a(e), r -> new IntList()).add(to);
          case TOKEN -> byToken.computeIfAbsent(nfa.a(e), r -> new IntList()).add(to);
          case BYTES -> {
            int last = table.classes.of(nfa.b(e));
            for (int c = table.classes.of(nfa.a(e)); c <= last; c++) {
              IntList list = byClass[c];
              if (list == null) {
                list = new IntList();
                byClass[c] = list;
              }
              list.add(to);
              count();
            }
          }
        }
      }
    }
    int[] before = new int[0];
    int target = Automaton.NONE;
    for (int c = 0; c < classes; c++) {
      IntList list = byClass[c];
      if (list != null) {
        int[] raw = list.toArray();
        if (!Arrays.equals(raw, before)) {
          target = target(raw);
          before = raw;
        }
        table.set(state, c, target);
      }
    }
    if (!byRule.isEmpty()) {
      IntList out = new IntList();
      byRule.forEach((callee, raw) ->
          out.addAll(new int[] {callee, target(raw.toArray()), Integer.MAX_VALUE, 0}));
      table.calls.set(state, out.toArray());
    }
    if (!byToken.isEmpty()) {
      IntList out = new IntList();
      byToken.forEach((symbol, raw) -> out.addAll(new int[] {symbol, target(raw.toArray())}));
      table.tokens.set(state, out.toArray());
    }
  }

  private int target(int[] raw) {
    int[] subset = closure(raw);
    Key key = new Key(subset);
    Integer known = ids.get(key);
    if (known != null) {
      return known;
    }
    int id = table.state(rule);
    ids.put(key, id);
    subsets.add(subset);
    stateIds.add(id);
    if (Arrays.binarySearch(subset, end) >= 0) {
      table.finalAtLeast.set(id, 0);
    }
    return id;
  }

  private int[] closure(int[] from) {
    stamp++;
    IntList out = new IntList();
    for (int state : from) {
      visit(state, out);
    }
    for (int i = 0; i < out.size(); i++) {
      for (int e = nfa.first(out.get(i)); e >= 0; e = nfa.next(e)) {
        count();
        if (nfa.kind(e) == Nfa.Kind.EPSILON) {
          visit(nfa.target(e), out);
        }
      }
    }
    int[] sorted = out.toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private void visit(int state, IntList out) {
    if (seen[state] != stamp) {
      seen[state] = stamp;
      out.add(state);
    }
  }

  private void count() {
    if (++work > MAX_WORK) {
      throw GrammarException.tooLarge("steps to compile a rule", MAX_WORK);
    }
  }
}

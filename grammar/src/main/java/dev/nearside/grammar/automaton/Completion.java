package dev.nearside.grammar.automaton;

import dev.nearside.base.Fault;
import dev.nearside.grammar.GrammarException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last steps of compiling: no dead ends, no left recursion, an order of the rules. */
final class Completion {
  private final RuleTable table;

  private Completion(RuleTable table) {
    this.table = table;
  }

  static Automaton complete(RuleTable table, int root, boolean acceptsEmpty) {
    Completion completion = new Completion(table);
    int[] ones = new int[256];
    Arrays.fill(ones, 1);
    Automaton raw = new Automaton(table, root, acceptsEmpty, new int[table.finalAtLeast.size()]);
    Shortest bytes = Shortest.cost(raw, ones, 1);
    if (bytes.cost[table.rule(root).start()] >= Shortest.INFINITE && !acceptsEmpty) {
      throw GrammarCompiler.unfinishable(table.rule(root).name());
    }
    completion.trim(bytes);
    completion.rank(root);
    Automaton trimmed =
        new Automaton(table, root, acceptsEmpty, new int[table.finalAtLeast.size()]);
    int[] heights = Shortest.height(trimmed).cost;
    if (heights[table.rule(root).start()] > Machine.MAX_DEPTH && !acceptsEmpty) {
      throw GrammarException.tooLarge("levels of rules", Machine.MAX_DEPTH);
    }
    return new Automaton(table, root, acceptsEmpty, heights);
  }

  /** Takes out edges into states from which nothing can be finished. */
  private void trim(Shortest bytes) {
    int classes = table.classes.count();
    for (int s = 0; s < table.finalAtLeast.size(); s++) {
      for (int c = 0; c < classes; c++) {
        int target = table.target(table.get(s, c));
        if (target >= 0 && bytes.cost[target] >= Shortest.INFINITE) {
          table.set(s, c, Automaton.NONE);
        }
      }
      int[] calls = table.calls.get(s);
      if (calls != null) {
        table.calls.set(s, liveCalls(calls, bytes));
      }
      int[] tokens = table.tokens.get(s);
      if (tokens != null) {
        table.tokens.set(s, liveTokens(tokens, bytes));
      }
    }
  }

  private static int @Nullable [] liveCalls(int[] calls, Shortest bytes) {
    int[] out = new int[calls.length];
    int size = 0;
    for (int i = 0; i < calls.length; i += Automaton.CALL_WIDTH) {
      boolean isLive =
          bytes.ruleCost[calls[i]] < Shortest.INFINITE
              && bytes.cost[calls[i + 1]] < Shortest.INFINITE;
      if (isLive) {
        System.arraycopy(calls, i, out, size, Automaton.CALL_WIDTH);
        size += Automaton.CALL_WIDTH;
      }
    }
    return size == 0 ? null : Arrays.copyOf(out, size);
  }

  private static int @Nullable [] liveTokens(int[] tokens, Shortest bytes) {
    int[] out = new int[tokens.length];
    int size = 0;
    for (int i = 0; i < tokens.length; i += 2) {
      if (bytes.cost[tokens[i + 1]] < Shortest.INFINITE) {
        out[size++] = tokens[i];
        out[size++] = tokens[i + 1];
      }
    }
    return size == 0 ? null : Arrays.copyOf(out, size);
  }

  /** Numbers the rules so that a rule called at another's start comes after it. */
  private void rank(int root) {
    int rules = table.ruleCount();
    int[] mark = new int[rules];
    List<Integer> finished = new ArrayList<>();
    for (int r = 0; r < rules; r++) {
      visit(r, mark, finished);
    }
    for (int i = 0; i < finished.size(); i++) {
      int id = finished.get(i);
      Automaton.Rule rule = table.rule(id);
      table.rule(
          id,
          new Automaton.Rule(
              rule.name(),
              rule.start(),
              finished.size() - i,
              rule.min(),
              rule.loopRule(),
              rule.stringMax(),
              rule.mostDistinct()));
    }
  }

  /** Depth first without recursion; {@code finished} gets callees before callers. */
  private void visit(int from, int[] mark, List<Integer> finished) {
    List<int[]> stack = new ArrayList<>();
    if (mark[from] == 0) {
      stack.add(new int[] {from, 0});
      mark[from] = 1;
    }
    while (!stack.isEmpty()) {
      int[] top = stack.getLast();
      int[] calls = table.calls.get(table.rule(top[0]).start());
      if (calls == null || top[1] >= calls.length) {
        mark[top[0]] = 2;
        finished.add(top[0]);
        stack.removeLast();
        continue;
      }
      int callee = calls[top[1]];
      top[1] += Automaton.CALL_WIDTH;
      if (mark[callee] == 1) {
        throw new GrammarException(
            Fault.of("left recursion: a rule begins with itself")
                .where("rule " + table.rule(callee).name())
                .hint("Write it as a repetition, or put something before the reference"));
      }
      if (mark[callee] == 0) {
        mark[callee] = 1;
        stack.add(new int[] {callee, 0});
      }
    }
  }
}

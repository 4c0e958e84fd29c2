package dev.nearside.grammar.automaton;

import dev.nearside.base.Fault;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.text.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link Automaton}: from a configuration and a byte to the next configuration. All calls
 * of one rule at one place share a stack node, so an ambiguous grammar costs polynomial time, as in
 * a parser with a graph-structured stack (Tomita, 1985). Not thread-safe; make one per thread.
 */
public final class Machine {
  /** Stacks are not higher; beyond it only what leads to the end is allowed. */
  public static final int MAX_DEPTH = 400;

  /** How many ways of reading a text there may be at once. */
  private static final int MAX_PAIRS = 3_000;

  final Automaton automaton;
  final Costs costs;
  final int maxHeight;

  /** The highest stack that was in reach since it was set to 0. */
  int deepest;

  /** Comparisons that it may still make: a hostile grammar must not hold up everybody. */
  private long workLeft = Long.MAX_VALUE;

  private final int classCount;
  private final int[] next;

  // The pairs of the configuration that is being closed.
  private final IntList states = new IntList();
  private final IntList counts = new IntList();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Calls> pending = new ArrayList<>();

  /** The calls of one rule at one place. */
  private static final class Calls {
    final int rule;
    final IntList states = new IntList();
    final IntList counts = new IntList();
    final List<Node> parents = new ArrayList<>();
    int flags;
    @Nullable Node tail;
    boolean isMixed;
    boolean isDone;

    Calls(int rule) {
      this.rule = rule;
    }

    void add(int state, int count, Node parent) {
      for (int i = 0; i < states.size(); i++) {
        boolean isKnown =
            states.get(i) == state && counts.get(i) == count && parents.get(i).equals(parent);
        if (isKnown) {
          return;
        }
      }
      states.add(state);
      counts.add(count);
      parents.add(parent);
    }
  }

  Machine(Automaton automaton, Costs costs) {
    this.automaton = automaton;
    this.costs = costs;
    classCount = automaton.classCount;
    next = automaton.next;
    maxHeight = automaton.maxHeight;
  }

  /** A machine that counts costs in bytes. */
  public static Machine ofBytes(Automaton automaton) {
    return new Machine(automaton, Costs.ofBytes(automaton));
  }

  /** A machine that counts costs in tokens of a vocabulary. */
  public static Machine ofTokens(Automaton automaton, TokenTrie trie) {
    return new Machine(automaton, Costs.ofTokens(automaton, trie));
  }

  /** Another machine for another thread. */
  public Machine copy() {
    return new Machine(automaton, costs);
  }

  /** The same, for so many comparisons of ways of reading a text. */
  Machine copy(long mostWork) {
    Machine copy = copy();
    copy.workLeft = mostWork;
    return copy;
  }

  private void work(int comparisons) {
    workLeft -= comparisons;
    if (workLeft < 0) {
      throw new GrammarException(
          Fault.of("the grammar is too ambiguous")
              .got("too much work to find the tokens that may come next"));
    }
  }

  /** Before the first byte. */
  public Config start() {
    clear();
    push(automaton.rules[automaton.root].start(), 0, Node.ROOT);
    Config config = close(automaton.acceptsEmpty ? Node.IS_ROOT : 0);
    if (config == null) {
      throw GrammarCompiler.unfinishable(automaton.rules[automaton.root].name());
    }
    return config;
  }

  /** After one more byte; null where the byte is not allowed. */
  public @Nullable Config step(Config config, int unsignedByte) {
    int byteClass = automaton.classOf[unsignedByte] & 0xFF;
    if (config.states.length == 1) {
      int target = next[config.states[0] * classCount + byteClass];
      if (target == Automaton.NONE) {
        return null;
      }
      Node node = config.nodes[0];
      boolean isPlain = target >= 0 && automaton.isSimple[target] && node.item == null;
      if (isPlain && isInReach(target, node)) {
        return new Config(new int[] {target}, config.counts, config.nodes, 0);
      }
    }
    clear();
    for (int i = 0; i < config.states.length; i++) {
      int entry = next[config.states[i] * classCount + byteClass];
      if (entry >= 0) {
        push(entry, config.counts[i], after(config.nodes[i], unsignedByte));
      } else if (entry != Automaton.NONE) {
        Automaton.Guarded edge = automaton.guarded[-2 - entry];
        int count = config.counts[i];
        if (count < edge.below() && count >= edge.atLeast()) {
          push(edge.target(), count + edge.inc(), config.nodes[i]);
        }
      }
    }
    return states.size() == 0 ? null : close(0);
  }

  /** After a token as a symbol; null where none of the token edges takes it. */
  public @Nullable Config stepToken(Config config, boolean[] isSymbol) {
    clear();
    for (int i = 0; i < config.states.length; i++) {
      int[] edges = automaton.tokens[config.states[i]];
      for (int k = 0; edges != null && k < edges.length; k += 2) {
        if (isSymbol[edges[k]]) {
          push(edges[k + 1], config.counts[i], config.nodes[i]);
        }
      }
    }
    return states.size() == 0 ? null : close(0);
  }

  /** What two ways of reading the same text allow together. */
  public Config union(Config a, Config b) {
    clear();
    for (Config config : List.of(a, b)) {
      for (int i = 0; i < config.states.length; i++) {
        push(config.states[i], config.counts[i], config.nodes[i]);
      }
    }
    // Both were closed already.
    return Objects.requireNonNull(keep(a.flags | b.flags));
  }

  /** What comes when the rule above {@code node} ends; null where the bottom is reached. */
  @Nullable Config popped(Node node) {
    Config config = node.popped;
    if (config == null) {
      clear();
      pop(node);
      config = close(node.flags);
      node.popped = config;
    }
    return config;
  }

  /** The fewest bytes or tokens after which the text can end. */
  public int cost(Config config) {
    if (config.flags != 0) {
      return 0;
    }
    int best = Shortest.INFINITE;
    for (int i = 0; i < config.states.length; i++) {
      best = Math.min(best, pairCost(config.states[i], config.counts[i], config.nodes[i]));
    }
    return best;
  }

  int pairCost(int state, int count, Node node) {
    byte[] item = node.item;
    Distinct distinct = item == null ? null : automaton.distinct(automaton.ruleOf[state]);
    if (item == null || distinct == null) {
      return Costs.add(costs.of(automaton, state, count), node.cost);
    }
    int best = Shortest.INFINITE;
    int plain = costs.of(automaton, state, count);
    for (int i = 0; i < node.states.length; i++) {
      Node parent = node.parents[i];
      int own = plain;
      if (Seen.startingWith(parent.seen, item) > 0 && plain < Shortest.INFINITE) {
        own = Math.max(plain, distinct.shortest(state, parent.seen, item));
      }
      int rest = Costs.add(costs.of(automaton, node.states[i], node.counts[i]), parent.cost);
      best = Math.min(best, Costs.add(own, rest));
    }
    return best;
  }

  private static Node after(Node node, int unsignedByte) {
    byte[] item = node.item;
    if (item == null) {
      return node;
    }
    byte[] longer = Arrays.copyOf(item, item.length + 1);
    longer[item.length] = (byte) unsignedByte;
    return node.asItem(longer);
  }

  /** Whether an item that must differ still can. */
  private boolean isOpen(int state, Node node) {
    byte[] item = node.item;
    Distinct distinct = item == null ? null : automaton.distinct(automaton.ruleOf[state]);
    if (item == null || distinct == null) {
      return true;
    }
    for (Node parent : node.parents) {
      if (distinct.isOpen(state, parent.seen, item)) {
        return true;
      }
    }
    return false;
  }

  /** The closed configuration of one pair, for which a byte was just taken. */
  @Nullable Config single(int state, int count, Node node) {
    clear();
    push(state, count, node);
    return states.size() == 0 ? null : close(0);
  }

  boolean isInReach(int state, Node node) {
    return node.depth + automaton.heights[state] <= MAX_DEPTH;
  }

  private void clear() {
    states.clear();
    counts.clear();
    nodes.clear();
    pending.clear();
  }

  private void push(int state, int count, Node node) {
    work(states.size());
    for (int i = 0; i < states.size(); i++) {
      if (states.get(i) == state && counts.get(i) == count && nodes.get(i).equals(node)) {
        return;
      }
    }
    int depth = node.depth + automaton.heights[state];
    if (depth > MAX_DEPTH || !isOpen(state, node)) {
      return;
    }
    deepest = Math.max(deepest, depth);
    if (states.size() >= MAX_PAIRS) {
      throw new GrammarException(
          Fault.of("the grammar is too ambiguous")
              .expected("at most " + MAX_PAIRS + " ways of reading a text at once"));
    }
    states.add(state);
    counts.add(count);
    nodes.add(node);
  }

  private void pop(Node node) {
    byte[] item = node.item;
    for (int i = 0; i < node.states.length; i++) {
      Node parent = node.parents[i];
      if (item == null) {
        push(node.states[i], node.counts[i], parent);
      } else if (!Seen.contains(parent.seen, item)) {
        push(node.states[i], node.counts[i], parent.with(item));
      }
    }
  }

  /** Follows ends and calls until only states that take input are left. */
  private @Nullable Config close(int flagsBefore) {
    int flags = flagsBefore;
    for (int i = 0; i < states.size(); i++) {
      int atLeast = automaton.finalAtLeast[states.get(i)];
      if (atLeast >= 0 && counts.get(i) >= atLeast) {
        Node node = nodes.get(i);
        flags |= node.flags;
        pop(node);
      }
    }
    for (int i = 0; i < states.size(); i++) {
      call(states.get(i), counts.get(i), nodes.get(i));
    }
    // A caller at this place has a lower rank than what it calls, so its frames are complete.
    for (Calls calls = nextCalls(); calls != null; calls = nextCalls()) {
      calls.isDone = true;
      int start = automaton.rules[calls.rule].start();
      Node node = node(calls);
      int before = states.size();
      push(start, 0, node);
      if (states.size() > before) {
        call(start, 0, node);
      }
    }
    return keep(flags);
  }

  private @Nullable Calls nextCalls() {
    Calls best = null;
    work(pending.size());
    for (Calls calls : pending) {
      boolean isBetter =
          best == null || automaton.rules[calls.rule].rank() < automaton.rules[best.rule].rank();
      if (!calls.isDone && isBetter) {
        best = calls;
      }
    }
    return best;
  }

  private void call(int state, int count, Node node) {
    int[] edges = automaton.calls[state];
    for (int i = 0; edges != null && i < edges.length; i += Automaton.CALL_WIDTH) {
      if (count < edges[i + 2] && isInReach(edges[i + 1], node)) {
        Calls calls = calls(edges[i]);
        work(calls.states.size());
        int after = edges[i + 1];
        if (!automaton.isPureEnd[after] || automaton.rules[edges[i]].mostDistinct() > 0) {
          calls.isMixed = true;
          calls.add(after, count + edges[i + 3], node);
        } else {
          // Nothing is left to do after the call: its return is the caller's.
          calls.isMixed |= calls.tail != null && !calls.tail.equals(node);
          calls.tail = node;
          calls.flags |= node.flags;
          for (int k = 0; k < node.states.length; k++) {
            calls.add(node.states[k], node.counts[k], node.parents[k]);
          }
        }
      }
    }
  }

  private Calls calls(int rule) {
    work(pending.size());
    for (Calls calls : pending) {
      if (calls.rule == rule) {
        return calls;
      }
    }
    Calls calls = new Calls(rule);
    pending.add(calls);
    return calls;
  }

  private Node node(Calls calls) {
    if (calls.tail != null && !calls.isMixed) {
      return calls.tail;
    }
    int cost = calls.flags != 0 ? 0 : Shortest.INFINITE;
    for (int i = 0; i < calls.states.size(); i++) {
      int own = costs.of(automaton, calls.states.get(i), calls.counts.get(i));
      cost = Math.min(cost, Costs.add(own, calls.parents.get(i).cost));
    }
    Node node =
        new Node(
            calls.states.toArray(),
            calls.counts.toArray(),
            calls.parents.toArray(Node[]::new),
            calls.flags,
            cost);
    return automaton.rules[calls.rule].mostDistinct() > 0 ? node.asItem(new byte[0]) : node;
  }

  private @Nullable Config keep(int flags) {
    int kept = 0;
    int[] s = new int[states.size()];
    int[] c = new int[s.length];
    Node[] n = new Node[s.length];
    for (int i = 0; i < s.length; i++) {
      if (automaton.hasInput[states.get(i)]) {
        s[kept] = states.get(i);
        c[kept] = counts.get(i);
        n[kept++] = nodes.get(i);
      }
    }
    if (kept == 0 && flags == 0) {
      return null;
    }
    return kept == s.length
        ? new Config(s, c, n, flags)
        : new Config(Arrays.copyOf(s, kept), Arrays.copyOf(c, kept), Arrays.copyOf(n, kept), flags);
  }
}

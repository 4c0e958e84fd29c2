package dev.nearside.grammar.automaton;

import dev.nearside.grammar.text.IntList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The masks of one grammar over one vocabulary. What a state allows by itself, whatever the stack,
 * is walked once and kept; the few tokens that reach beyond its rule are walked with the stack;
 * whole masks are kept for configurations that come again. Thread-safe.
 *
 * <p>The split into tokens that depend on the stack and those that don't is XGrammar's (Dong et
 * al., 2024, arXiv 2411.15100); the walk beside a trie is llguidance's.
 */
public final class Masks {
  /** Comparisons for one mask: a second at most. */
  private static final long MOST_WORK = 300_000_000;

  private static final long CACHE_BYTES = 8 << 20;
  private static final long STATE_BYTES = 48 << 20;
  private static final int MIN_CACHED = 16;
  private static final int LOW_STACK = Machine.MAX_DEPTH / 2;

  /**
   * A mask and the highest cost of finishing after one of its tokens.
   *
   * @param bits not to be changed
   */
  public record Mask(long[] bits, int highestCost) {}

  /**
   * What a state allows where nothing is known of the stack.
   *
   * @param bits tokens within the rules that are known, as bits; null where they are few
   * @param few the same as ids
   * @param escapes trie entries at which the known rules may have ended
   * @param highestCost the highest cost after one of the tokens, the stack not counted
   * @param deepest the highest stack that the walk met
   */
  private record Entry(
      long @Nullable [] bits, int[] few, int[] escapes, int highestCost, int deepest) {}

  private final Automaton automaton;
  private final TokenTrie trie;
  private final StringMasks strings;
  private final BitSet ends;
  private final BitSet[] symbols; // (symbols) the tokens each stands for
  private final Machine machine;
  private final int words;
  private final AtomicReferenceArray<@Nullable Entry> entries;
  private final Map<Config, Mask> cache;
  private long stateBytes;

  /**
   * @param ends tokens that end a reply
   * @param symbols the tokens of each of the automaton's symbols
   */
  public Masks(
      Automaton automaton, TokenTrie trie, StringMasks strings, BitSet ends, BitSet[] symbols) {
    this.automaton = automaton;
    this.trie = trie;
    this.strings = strings;
    this.ends = ends;
    this.symbols = symbols;
    machine = Machine.ofTokens(automaton, trie);
    words = (trie.vocabSize() + 63) / 64;
    entries = new AtomicReferenceArray<>(automaton.stateCount());
    int kept = (int) Math.max(MIN_CACHED, CACHE_BYTES / (8L * words));
    cache =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Config, Mask> eldest) {
            return size() > kept;
          }
        };
  }

  /** A machine for one thread that counts costs in tokens. */
  public Machine newMachine() {
    return machine.copy();
  }

  /** The tokens that may come next. */
  public Mask mask(Config config) {
    synchronized (cache) {
      Mask known = cache.get(config);
      if (known != null) {
        return known;
      }
    }
    Mask mask = compute(config, Shortest.INFINITE);
    synchronized (cache) {
      cache.put(config, mask);
    }
    return mask;
  }

  /** The tokens that may come next and after which at most {@code maxCost} more are needed. */
  public long[] mask(Config config, int maxCost) {
    Mask all = mask(config);
    if (all.highestCost() <= maxCost) {
      return all.bits();
    }
    return compute(config, maxCost).bits();
  }

  private Mask compute(Config config, int maxCost) {
    Machine own = machine.copy(MOST_WORK);
    TokenWalk walk = new TokenWalk(trie, own);
    walk.bits = new long[words];
    walk.maxCost = maxCost;
    for (int i = 0; i < config.states.length; i++) {
      pair(walk, own, config, i);
    }
    if (config.isComplete()) {
      set(walk.bits, ends);
    }
    return new Mask(walk.bits, walk.highest);
  }

  private void pair(TokenWalk walk, Machine own, Config config, int pair) {
    int state = config.states[pair];
    Node node = config.nodes[pair];
    tokenEdges(walk, own, config, pair);
    Automaton.Rule rule = automaton.rules[automaton.ruleOf[state]];
    if (rule.isString()) {
      string(walk, own, rule, state, config.counts[pair], node);
      return;
    }
    byte[] item = node.item;
    Distinct distinct = item == null ? null : automaton.distinct(automaton.ruleOf[state]);
    if (item != null && distinct != null) {
      item(walk, distinct, new Config(new int[] {state}, new int[1], new Node[] {node}, 0), item);
      return;
    }
    Entry entry = entry(state, own);
    int highest = Costs.add(entry.highestCost(), node.cost);
    boolean isDeep = node.depth + Math.max(entry.deepest(), own.maxHeight) > Machine.MAX_DEPTH;
    if (isDeep || (highest > walk.maxCost && walk.maxCost < Shortest.INFINITE)) {
      walk.below(
          0, new Config(new int[] {state}, new int[] {config.counts[pair]}, new Node[] {node}, 0));
      return;
    }
    if (entry.bits() != null) {
      for (int i = 0; i < words; i++) {
        walk.bits[i] |= entry.bits()[i];
      }
    }
    for (int token : entry.few()) {
      walk.bits[token >> 6] |= 1L << token;
    }
    walk.highest = Math.max(walk.highest, highest);
    Config below = entry.escapes().length == 0 ? null : own.popped(node);
    if (below != null && below.size() > 0) {
      for (int escape : entry.escapes()) {
        walk.below(escape, below);
      }
    }
  }

  private void item(TokenWalk walk, Distinct distinct, Config pair, byte[] item) {
    Node node = pair.nodes[0];
    if (!distinct.isEndless(pair.states[0]) || node.depth + automaton.maxHeight > LOW_STACK) {
      walk.below(0, pair);
      return;
    }
    walk.item(pair.states[0], node, item, distinct);
  }

  private void tokenEdges(TokenWalk walk, Machine own, Config config, int pair) {
    int[] edges = automaton.tokenEdges(config.states[pair]);
    for (int i = 0; edges != null && i < edges.length; i += 2) {
      int cost = own.pairCost(edges[i + 1], config.counts[pair], config.nodes[pair]);
      if (cost <= walk.maxCost) {
        set(walk.bits, symbols[edges[i]]);
        walk.highest = Math.max(walk.highest, cost);
      }
    }
  }

  private void string(
      TokenWalk walk, Machine own, Automaton.Rule rule, int state, int count, Node node) {
    StringMasks.AtState at = strings.at(state - rule.start());
    long room = rule.stringMax() < 0 ? Integer.MAX_VALUE : rule.stringMax() - count;
    int missing = Math.max(0, rule.min() - count);
    int loop = Math.max(1, own.costs.loop()[automaton.ruleOf[state]]);
    int[] costs = own.costs.state();
    // What the longer tokens leave to do must fit: so many characters at least.
    long spare = (long) walk.maxCost - costs[rule.start() + strings.insideOffset()] - node.cost;
    if (spare >= 0) {
      long least = Math.max(0, missing - spare / loop);
      if (least <= room) {
        StringMasks.addWhole(at, least, room, walk.bits);
      }
    }
    for (int i = 0; i < at.partial().length; i++) {
      int chars = at.partialChars()[i];
      long left = (long) Math.max(0, missing - chars) * loop;
      long cost = costs[rule.start() + at.partialStates()[i]] + left + node.cost;
      if (chars <= room && cost <= walk.maxCost) {
        int token = at.partial()[i];
        walk.bits[token >> 6] |= 1L << token;
      }
    }
    closed(walk, own, at, room, missing, node);
    // No state of a string is far from its end; what its length still asks for comes on top.
    int id = automaton.ruleOf[state];
    long inside = Math.min(Shortest.INFINITE, own.costs.farthest()[id] + (long) missing * loop);
    walk.highest = Math.max(walk.highest, Costs.add((int) inside, node.cost));
  }

  /** The tokens with which the string ends. */
  private void closed(
      TokenWalk walk, Machine own, StringMasks.AtState at, long room, int missing, Node node) {
    Config below = own.popped(node);
    boolean goesOn = below != null && below.size() > 0;
    for (int i = 0; i < at.closed().length; i++) {
      int chars = at.closedChars()[i];
      if (chars >= missing && chars <= room) {
        int entry = at.closed()[i];
        if (node.cost <= walk.maxCost) {
          for (int t = trie.token[entry]; t >= 0; t = trie.twin[t]) {
            walk.bits[t >> 6] |= 1L << t;
          }
        }
        if (goesOn && trie.end[entry] > entry + 1) {
          walk.below(entry, java.util.Objects.requireNonNull(below));
        }
      }
    }
  }

  private Entry entry(int state, Machine own) {
    Entry known = entries.get(state);
    if (known != null) {
      return known;
    }
    TokenWalk walk = new TokenWalk(trie, own);
    walk.bits = new long[words];
    IntList escapes = new IntList();
    walk.escapes = escapes;
    own.deepest = 0;
    walk.below(0, new Config(new int[] {state}, new int[1], new Node[] {Node.HOLE}, 0));
    int tokens = 0;
    for (long word : walk.bits) {
      tokens += Long.bitCount(word);
    }
    boolean isDense = tokens > words / 2;
    int[] few = isDense ? new int[0] : BitSet.valueOf(walk.bits).stream().toArray();
    Entry entry =
        new Entry(isDense ? walk.bits : null, few, escapes.toArray(), walk.highest, own.deepest);
    keep(state, entry, 4L * few.length + (isDense ? 8L * words : 0) + 4L * escapes.size());
    return entry;
  }

  /** About how much memory the automaton and its masks take now. */
  public long bytes() {
    long bytes = (long) Integer.BYTES * automaton.next.length;
    synchronized (cache) {
      bytes += (long) Long.BYTES * words * cache.size();
    }
    synchronized (this) {
      return bytes + stateBytes;
    }
  }

  private synchronized void keep(int state, Entry entry, long bytes) {
    stateBytes += bytes;
    if (stateBytes > STATE_BYTES) {
      for (int i = 0; i < entries.length(); i++) {
        entries.set(i, null);
      }
      stateBytes = bytes;
    }
    entries.set(state, entry);
  }

  private static void set(long[] bits, BitSet tokens) {
    for (int t = tokens.nextSetBit(0); t >= 0; t = tokens.nextSetBit(t + 1)) {
      bits[t >> 6] |= 1L << t;
    }
  }

  /** Which of the automaton's symbols a token is. */
  public boolean[] symbolsOf(int token) {
    boolean[] out = new boolean[symbols.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = symbols[i].get(token);
    }
    return out;
  }
}

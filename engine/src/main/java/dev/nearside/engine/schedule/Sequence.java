package dev.nearside.engine.schedule;

import dev.nearside.engine.cache.BlockTable;
import dev.nearside.engine.sample.Sampler;
import dev.nearside.engine.sample.TokenHistory;
import dev.nearside.engine.speculate.Drafting;
import dev.nearside.model.kv.KvStore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request's tokens and state. The engine thread owns it; other threads only {@link #cancel} it
 * and take from its ring.
 *
 * <p>There is no prefill phase and no decode phase: {@link #computed} catches up with {@link
 * #length}, and when it has, a token is sampled.
 */
public final class Sequence implements TokenHistory {
  /**
   * What a sequence is asked to do.
   *
   * @param maxTokens tokens to generate at most
   * @param endIds tokens that end the reply
   * @param terms how it is served
   * @param lease the adapters that work in it
   */
  public record Task(
      int[] prompt,
      Sampler sampler,
      int maxTokens,
      Set<Integer> endIds,
      Terms terms,
      AdapterLease lease) {

    /** Without adapters. */
    public Task(int[] prompt, Sampler sampler, int maxTokens, Set<Integer> endIds, Terms terms) {
      this(prompt, sampler, maxTokens, endIds, terms, AdapterLease.NONE);
    }

    /** On the usual terms. */
    public Task(int[] prompt, Sampler sampler, int maxTokens, Set<Integer> endIds) {
      this(prompt, sampler, maxTokens, endIds, Terms.USUAL);
    }
  }

  /** Who goes first: priority, then deadline, then arrival. */
  static final Comparator<Sequence> ORDER = Sequence::compare;

  private final Task task;
  private final TokenRing ring;
  private final long submittedNanos;
  private final long arrival;
  private int[] tokens;
  private int length;
  private int computed;
  private int reached; // the most that computed ever was
  private int cached;
  private @Nullable BlockTable table;
  private @Nullable Drafting drafting;
  private long promptDoneNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private long fullSinceNanos;
  private volatile boolean isCancelled;

  /**
   * @param arrival its number in the order of submission
   */
  Sequence(Task task, TokenRing ring, long arrival, long nowNanos) {
    this.task = task;
    this.ring = ring;
    this.arrival = arrival;
    this.submittedNanos = nowNanos;
    this.tokens = Arrays.copyOf(task.prompt(), task.prompt().length + 64);
    this.length = task.prompt().length;
  }

  private static int compare(Sequence a, Sequence b) {
    int byPriority = Integer.compare(b.task.terms.priority(), a.task.terms.priority());
    if (byPriority != 0) {
      return byPriority;
    }
    int byDeadline = a.task.terms.compareDeadline(b.task.terms);
    return byDeadline != 0 ? byDeadline : Long.compare(a.arrival, b.arrival);
  }

  /** Gives the sequence a table, of which nothing is computed yet. */
  void seat(BlockTable blocks) {
    table = blocks;
  }

  /** Takes the table away: all tokens are pending again. */
  void unseat() {
    table = null;
    computed = 0;
  }

  /** The first {@code count} tokens were found computed. */
  void adopted(int count) {
    int known = Math.min(count, task.prompt.length);
    cached += Math.max(0, known - Math.max(computed, reached));
    computed = count;
    reached = Math.max(reached, count);
  }

  /** Its guesses; null where there are none. */
  @Nullable Drafting drafting() {
    return drafting;
  }

  /** The same, of a sequence whose tokens are guessed. */
  Drafting seatedDrafting() {
    if (drafting == null) {
      throw new IllegalStateException("nobody guesses for the sequence");
    }
    return drafting;
  }

  void setDrafting(Drafting guesses) {
    drafting = guesses;
  }

  boolean isSeated() {
    return table != null;
  }

  public Task task() {
    return task;
  }

  public TokenRing ring() {
    return ring;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int at(int position) {
    return tokens[position];
  }

  /** Tokens whose keys and values are stored. */
  public int computed() {
    return computed;
  }

  /** Prompt tokens that were stored before the sequence began. */
  public int cached() {
    return cached;
  }

  /** Tokens generated so far. */
  public int generated() {
    return length - task.prompt().length;
  }

  /** Tokens still to compute before the next one can be sampled. */
  int pending() {
    return length - computed;
  }

  BlockTable table() {
    if (table == null) {
      throw new IllegalStateException("the sequence has no blocks");
    }
    return table;
  }

  /**
   * Whether this sequence is about to compute a block that {@code other} needs next: then that one
   * waits and shares it.
   */
  boolean computesFor(Sequence other) {
    int at = other.table().sharedPositions();
    int end = at + KvStore.BLOCK;
    return other.computed == at
        && table().isBesides(other.table())
        && end < length
        && end < other.length
        && Arrays.equals(tokens, at, end, other.tokens, at, end);
  }

  /** The tokens; the first {@link #length} count. */
  int[] tokens() {
    return tokens;
  }

  /** Counts computed tokens; returns how many of them belong to the prompt. */
  int advance(int count, long nowNanos) {
    int ofPrompt = Math.clamp(task.prompt.length - computed, 0, count);
    computed += count;
    reached = Math.max(reached, computed);
    if (promptDoneNanos == 0 && computed >= task.prompt().length) {
      promptDoneNanos = nowNanos;
    }
    return ofPrompt;
  }

  void append(int id, long nowNanos) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = id;
    if (firstTokenNanos == 0) {
      firstTokenNanos = nowNanos;
    }
    lastTokenNanos = nowNanos;
  }

  /** When the ring was first seen full, 0 while it is not. */
  long fullSinceNanos() {
    return fullSinceNanos;
  }

  void setFullSince(long nanos) {
    fullSinceNanos = nanos;
  }

  /** Ends the sequence within one step; from any thread. */
  public void cancel() {
    isCancelled = true;
  }

  public boolean isCancelled() {
    return isCancelled;
  }

  long submittedNanos() {
    return submittedNanos;
  }

  /** From submission until the prompt was computed. */
  public long promptNanos() {
    return promptDoneNanos == 0 ? 0 : promptDoneNanos - submittedNanos;
  }

  /** From submission until the first token. */
  public long firstTokenNanos() {
    return firstTokenNanos == 0 ? 0 : firstTokenNanos - submittedNanos;
  }

  /** From the first token until the last. */
  public long decodeNanos() {
    return lastTokenNanos - firstTokenNanos;
  }
}

package dev.nearside.engine.schedule;

import dev.nearside.engine.cache.BlockTable;
import dev.nearside.engine.sample.Sampler;
import dev.nearside.engine.sample.TokenHistory;
import java.util.Arrays;
import java.util.Set;

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
   */
  public record Task(int[] prompt, Sampler sampler, int maxTokens, Set<Integer> endIds) {}

  private final Task task;
  private final TokenRing ring;
  private final long submittedNanos;
  private int[] tokens;
  private int length;
  private int computed;
  private int cached;
  private BlockTable table;
  private long promptDoneNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private long fullSinceNanos;
  private volatile boolean isCancelled;

  Sequence(Task task, TokenRing ring, BlockTable table, long nowNanos) {
    this.task = task;
    this.ring = ring;
    this.table = table;
    this.submittedNanos = nowNanos;
    this.tokens = Arrays.copyOf(task.prompt(), task.prompt().length + 64);
    this.length = task.prompt().length;
  }

  /** Takes over blocks in which the first {@code count} tokens are already computed. */
  void adopt(BlockTable blocks, int count) {
    table = blocks;
    computed = count;
    cached = count;
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
    return table;
  }

  int[] computedTokens() {
    return Arrays.copyOf(tokens, computed);
  }

  void advance(int count, long nowNanos) {
    computed += count;
    if (promptDoneNanos == 0 && computed >= task.prompt().length) {
      promptDoneNanos = nowNanos;
    }
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

package dev.nearside.engine.schedule;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.FinishReason;
import dev.nearside.engine.cache.BlockPool;
import dev.nearside.engine.cache.BlockTable;
import dev.nearside.engine.cache.Retained;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Decides which tokens the next step computes. Sequences run in the order of their arrival, as many
 * at once as there are slots. Only the engine thread calls it.
 */
final class Scheduler {
  /**
   * @param slots sequences that run at once
   * @param maxBatch tokens of one step
   * @param stalledNanos how long a caller may leave a full ring untouched
   */
  record Limits(int slots, int maxBatch, long stalledNanos) {}

  private final Limits limits;
  private final BlockPool pool;
  private final Retained retained;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();

  Scheduler(Limits limits, BlockPool pool, Retained retained) {
    this.limits = limits;
    this.pool = pool;
    this.retained = retained;
  }

  void add(Sequence sequence) {
    waiting.addLast(sequence);
  }

  boolean isIdle() {
    return waiting.isEmpty() && running.isEmpty();
  }

  /** The next step; empty when nothing can be computed now. */
  Plan next(long nowNanos) {
    dropCancelled(nowNanos);
    admit();
    List<Plan.Piece> pieces = new ArrayList<>();
    int room = limits.maxBatch;
    for (Sequence s : List.copyOf(running)) {
      int count = Math.min(room, s.pending());
      if (count == 0 || isPaused(s, nowNanos)) {
        continue;
      }
      try {
        reserve(s, s.computed() + count);
      } catch (NearsideException e) {
        fail(s, e); // the others go on
        continue;
      }
      pieces.add(new Plan.Piece(s, count));
      room -= count;
    }
    return new Plan(pieces);
  }

  /** Ends a sequence and keeps what it computed for the next turn. */
  void finish(Sequence s, FinishReason reason) {
    running.remove(s);
    waiting.remove(s);
    if (s.computed() > 0) {
      s.table().trim(s.computed());
      retained.keep(new Retained.Entry(s.computedTokens(), s.table()));
    } else {
      s.table().trim(0);
    }
    s.ring().end(reason);
  }

  /** Ends a sequence with an error; what it computed is dropped. */
  void fail(Sequence s, RuntimeException why) {
    running.remove(s);
    waiting.remove(s);
    s.table().trim(0);
    s.ring().fail(why);
  }

  /** Ends all sequences with an error and drops what was kept: no block stays in use. */
  void close(RuntimeException why) {
    List<Sequence> all = new ArrayList<>(running);
    all.addAll(waiting);
    all.forEach(s -> fail(s, why));
    retained.clear();
  }

  private void dropCancelled(long nowNanos) {
    List<Sequence> all = new ArrayList<>(running);
    all.addAll(waiting);
    for (Sequence s : all) {
      boolean isStalled =
          s.fullSinceNanos() != 0
              && s.ring().isFull()
              && nowNanos - s.fullSinceNanos() > limits.stalledNanos;
      if (s.isCancelled() || isStalled) {
        finish(s, FinishReason.CANCELLED);
      }
    }
  }

  private void admit() {
    Iterator<Sequence> queue = waiting.iterator();
    while (queue.hasNext() && running.size() < limits.slots) {
      Sequence s = queue.next();
      queue.remove();
      int[] prompt = s.task().prompt();
      // The last token is always computed: its logits choose the first new one.
      Retained.Entry entry = retained.take(prompt, prompt.length - 1);
      if (entry != null) {
        s.adopt(entry.table(), entry.tokens().length);
      }
      running.add(s);
    }
  }

  private void reserve(Sequence s, int positions) {
    BlockTable table = s.table();
    while (!table.reserve(positions)) {
      if (!retained.dropOldest()) {
        throw new ChatException(
            Fault.of("no KV block is free")
                .got(s.length() + " tokens in this sequence")
                .expected("all sequences within " + pool.capacity() + " blocks"));
      }
    }
  }

  // A full ring pauses its sequence: each step puts one token.
  private static boolean isPaused(Sequence s, long nowNanos) {
    if (!s.ring().isFull()) {
      s.setFullSince(0);
      return false;
    }
    if (s.fullSinceNanos() == 0) {
      s.setFullSince(nowNanos);
    }
    return true;
  }
}

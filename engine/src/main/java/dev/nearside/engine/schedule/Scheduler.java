package dev.nearside.engine.schedule;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.DeadlineException;
import dev.nearside.chat.FinishReason;
import dev.nearside.engine.cache.BlockTable;
import dev.nearside.engine.cache.KvCache;
import dev.nearside.engine.speculate.Drafting;
import dev.nearside.engine.speculate.Speculator;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which tokens the next step computes. Whoever runs gets its next token in every step; the
 * room that is left goes to prompts, in shares. Only the engine thread calls it.
 *
 * <p>A sequence <b>waits</b> for a slot, <b>runs</b>, or is <b>paused</b> while its ring is full:
 * then it keeps its blocks as long as nobody needs them, but no slot. When blocks run out, paused
 * sequences and then the least urgent lose theirs, wait again, and are computed again.
 */
final class Scheduler {
  /**
   * @param slots sequences that run at once
   * @param maxBatch tokens of one step
   * @param logitRows tokens of one step whose logits can be had
   * @param contextLength positions of one sequence
   * @param stalledNanos how long a caller may leave a full ring untouched
   */
  record Limits(int slots, int maxBatch, int logitRows, int contextLength, long stalledNanos) {}

  private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

  private final Limits limits;
  private final KvCache cache;
  private final Counters counters;
  private final ChunkSize chunk;
  private final @Nullable Speculator speculator;
  private boolean isLoading;
  private final TreeSet<Sequence> waiting = new TreeSet<>(Sequence.ORDER);
  private final TreeSet<Sequence> running = new TreeSet<>(Sequence.ORDER);
  private final TreeSet<Sequence> paused = new TreeSet<>(Sequence.ORDER);

  /**
   * @param speculator guesses tokens; null = nobody does
   */
  Scheduler(Limits limits, KvCache cache, Counters counters, @Nullable Speculator speculator) {
    this.limits = limits;
    this.speculator = speculator;
    this.cache = cache;
    this.counters = counters;
    this.chunk = new ChunkSize(limits.maxBatch);
  }

  void add(Sequence sequence) {
    waiting.add(sequence);
  }

  boolean isIdle() {
    return waiting.isEmpty() && running.isEmpty() && paused.isEmpty();
  }

  int waiting() {
    return waiting.size();
  }

  int running() {
    return running.size() + paused.size();
  }

  /** Whether a sequence waits for blocks from the disk: the next step comes at once. */
  boolean isLoading() {
    return isLoading;
  }

  /** The next step; empty when nothing can be computed now. */
  Plan next(long nowNanos) {
    cache.beginStep();
    isLoading = false;
    dropEnded(nowNanos);
    pause(nowNanos);
    admit();
    List<Plan.Piece> pieces = new ArrayList<>();
    List<Sequence> prompts = new ArrayList<>();
    for (Sequence s : List.copyOf(running)) {
      if (s.pending() > 1) {
        prompts.add(s);
      } else if (reserve(s, s.length(), pieces)) {
        pieces.add(new Plan.Piece(s, 1));
      }
    }
    addPrompts(prompts, pieces);
    if (prompts.isEmpty()) {
      addDrafts(pieces);
    }
    return new Plan(pieces);
  }

  private void addDrafts(List<Plan.Piece> pieces) {
    if (speculator == null || pieces.isEmpty()) {
      return;
    }
    List<Speculator.Wish> wishes = new ArrayList<>();
    for (Plan.Piece piece : pieces) {
      Sequence s = piece.sequence();
      wishes.add(new Speculator.Wish(s.seatedDrafting(), s, mostDrafts(s)));
    }
    int room = Math.min(limits.maxBatch, limits.logitRows) - pieces.size();
    List<int[]> drafts = speculator.draft(wishes, room);
    for (int i = 0; i < pieces.size(); i++) {
      Sequence s = pieces.get(i).sequence();
      int[] some = drafts.get(i);
      if (some.length > 0 && hasRoom(s, some.length)) {
        pieces.set(i, new Plan.Piece(s, 1, some));
      }
    }
  }

  // A guess must not make its sequence fail.
  private boolean hasRoom(Sequence s, int drafts) {
    try {
      return cache.reserve(s.table(), s.length() + drafts);
    } catch (NearsideException e) {
      LOG.log(System.Logger.Level.DEBUG, "no memory for guesses: {0}", e.getMessage());
      return false;
    }
  }

  // Every guess that is right is a token of the reply, and one more is sampled behind them.
  private int mostDrafts(Sequence s) {
    int left = Math.min(s.task().maxTokens() - s.generated(), limits.contextLength - s.length());
    return Math.min(s.ring().room(), left) - 1;
  }

  private void addPrompts(List<Sequence> prompts, List<Plan.Piece> pieces) {
    List<Sequence> leaders = new ArrayList<>();
    for (Sequence s : prompts) {
      share(s);
      if (s.isSeated() && cache.isLoading(s.table(), s.tokens(), s.length() - 1)) {
        isLoading = true;
      } else if (s.isSeated() && leaders.stream().noneMatch(leader -> leader.computesFor(s))) {
        adopt(s);
        if (s.isSeated()) {
          leaders.add(s);
        }
      }
    }
    int[] shares =
        Shares.of(
            chunk.room(pieces.size()), leaders.stream().mapToInt(Sequence::pending).toArray());
    for (int i = 0; i < shares.length; i++) {
      Sequence s = leaders.get(i);
      if (shares[i] > 0 && s.isSeated() && reserve(s, s.computed() + shares[i], pieces)) {
        pieces.add(new Plan.Piece(s, shares[i]));
      }
    }
  }

  /** A step took so long. */
  void measured(Plan plan, long nanos) {
    chunk.measured(plan.tokens(), nanos);
    if (speculator != null && plan.isDecode()) {
      speculator.measured(plan.tokens(), nanos);
    }
  }

  /** The first tokens of a sequence are computed: others may use them. */
  void computed(Sequence s) {
    cache.publish(s.table(), s.tokens(), s.computed());
  }

  /** Ends a sequence and keeps what it computed for others and the next turn. */
  void finish(Sequence s, FinishReason reason) {
    remove(s);
    if (speculator != null) {
      speculator.ended(s, s.task().prompt().length);
    }
    if (s.isSeated()) {
      cache.keep(s.table(), s.tokens(), s.computed());
      s.unseat();
    }
    s.ring().end(reason);
  }

  /** Ends a sequence with an error; what is not shared yet is dropped. */
  void fail(Sequence s, RuntimeException why) {
    remove(s);
    if (s.isSeated()) {
      cache.drop(s.table());
      s.unseat();
    }
    s.ring().fail(why);
  }

  /**
   * Ends all sequences with an error and drops what was kept: no block stays in use. All are told,
   * also when what one of them held can't be given back.
   */
  void close(RuntimeException why) {
    List<Sequence> all = all();
    try {
      all.forEach(s -> fail(s, why));
    } finally {
      all.forEach(s -> s.ring().fail(why));
    }
    cache.clear();
  }

  private void remove(Sequence s) {
    running.remove(s);
    waiting.remove(s);
    paused.remove(s);
    s.task().lease().onEnd().run();
    counters.ended(System.nanoTime() - s.submittedNanos());
    Drafting drafting = s.drafting();
    if (drafting != null) {
      drafting.close();
    }
  }

  private List<Sequence> all() {
    List<Sequence> all = new ArrayList<>(running);
    all.addAll(paused);
    all.addAll(waiting);
    return all;
  }

  private void dropEnded(long nowNanos) {
    for (Sequence s : all()) {
      boolean isStalled =
          s.fullSinceNanos() != 0
              && s.ring().isFull()
              && nowNanos - s.fullSinceNanos() > limits.stalledNanos;
      if (s.isCancelled()) {
        finish(s, FinishReason.CANCELLED);
      } else if (isStalled) {
        fail(s, unread(s)); // not an end that looks like a whole reply
      } else if (s.task().terms().isOver(nowNanos)) {
        fail(s, late(s));
      }
    }
  }

  private static DeadlineException late(Sequence s) {
    return new DeadlineException(
        Fault.of("the reply was not ready by its deadline")
            .got(s.generated() + " tokens generated")
            .hint("Allow it more time."));
  }

  private static DeadlineException unread(Sequence s) {
    return new DeadlineException(
        Fault.of("the reply was not read for too long").got(s.generated() + " tokens generated"));
  }

  // Each step puts one token at least: a full ring can take none.
  private void pause(long nowNanos) {
    for (Sequence s : List.copyOf(running)) {
      if (s.ring().isFull()) {
        s.setFullSince(nowNanos);
        running.remove(s);
        paused.add(s);
      }
    }
  }

  private void admit() {
    for (Sequence s : List.copyOf(paused)) {
      if (!s.ring().isFull()) {
        s.setFullSince(0);
        if (running.size() < limits.slots) {
          paused.remove(s);
          running.add(s);
        }
      }
    }
    for (Sequence s : List.copyOf(waiting)) {
      if (running.size() == limits.slots) {
        return;
      }
      if (s.ring().isFull()) {
        continue; // it lost its blocks while it was paused
      }
      s.setFullSince(0);
      if (!seat(s)) {
        return; // nor those behind: large requests would wait forever
      }
      if (s.isSeated()) {
        waiting.remove(s);
        running.add(s);
      }
    }
  }

  // False when it has to wait. Whoever runs will soon want another block: a newcomer does not take
  // it.
  private boolean seat(Sequence s) {
    BlockTable table = cache.open(s.task().terms().cacheKey());
    try {
      cache.share(table, s.tokens(), s.length() - 1);
    } catch (NearsideException e) {
      cache.drop(table);
      fail(s, e); // the others go on
      return true;
    }
    int missing = KvCache.blocksFor(s.length() + 1) - table.size();
    while (missing + running.size() > cache.available() && !paused.isEmpty()) {
      preempt(paused.last());
    }
    if (missing + running.size() > cache.available() && !running.isEmpty()) {
      cache.drop(table);
      return false;
    }
    s.seat(table);
    if (speculator != null && s.drafting() == null) {
      s.setDrafting(speculator.begin());
    }
    adopted(s, table.sharedPositions());
    return true;
  }

  // What others computed meanwhile. The last token is always left: its logits choose the next one.
  private void share(Sequence s) {
    if (s.isSeated() && s.computed() == s.table().sharedPositions()) {
      takeOver(s, () -> cache.share(s.table(), s.tokens(), s.length() - 1));
    }
  }

  private void adopt(Sequence s) {
    takeOver(s, () -> cache.adopt(s.table(), s.tokens(), s.computed(), s.length() - 1));
  }

  // What is stored may need a block of its own, for which there may be no memory.
  private void takeOver(Sequence s, IntSupplier stored) {
    try {
      adopted(s, stored.getAsInt());
    } catch (NearsideException e) {
      fail(s, e); // the others go on
    }
  }

  private void adopted(Sequence s, int covered) {
    int before = s.cached();
    s.adopted(covered);
    counters.cachedTokens += s.cached() - before;
  }

  /** False when {@code s} itself had to give way, or failed. */
  private boolean reserve(Sequence s, int positions, List<Plan.Piece> pieces) {
    try {
      while (s.isSeated() && !cache.reserve(s.table(), positions)) {
        Sequence victim = paused.isEmpty() ? running.last() : paused.last();
        if (running.size() == 1 && victim == s) {
          throw noBlock(s);
        }
        preempt(victim);
        pieces.removeIf(piece -> piece.sequence() == victim);
      }
    } catch (NearsideException e) {
      fail(s, e); // the others go on
    }
    return s.isSeated();
  }

  private ChatException noBlock(Sequence s) {
    return new ChatException(
        Fault.of("no KV block is free")
            .got(s.length() + " tokens in this sequence")
            .expected("all sequences within " + cache.capacity() + " blocks"));
  }

  private void preempt(Sequence s) {
    running.remove(s);
    paused.remove(s);
    cache.keep(s.table(), s.tokens(), s.computed());
    s.unseat();
    Drafting drafting = s.drafting();
    if (drafting != null) {
      drafting.pause();
    }
    waiting.add(s);
    counters.preemptions++;
  }
}

package dev.nearside.engine;

import dev.nearside.model.Batch;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.ModelInfo;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.function.ToIntFunction;

/**
 * A model without weights: the next token is a function of all tokens before it. It stores each
 * token in its KV place and reads the history back from there, so that a wrong block, position or
 * reused prefix changes what it says.
 */
public final class FakeModel implements LanguageModel {
  /** Tokens of {@link TinyTokenizer}. */
  public static final int VOCAB = 260;

  private static final ValueLayout.OfInt ID = ValueLayout.JAVA_INT;

  private final int maxBatch;
  private final ToIntFunction<int[]> next;
  private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
  private volatile Consumer<Batch> before = batch -> {};
  private final AtomicLong nanos = new AtomicLong();
  private volatile IntToLongFunction cost = tokens -> 0;
  private volatile boolean hasNoMemory;
  private volatile boolean isClosed;

  /**
   * @param next the most likely token after a history
   */
  public FakeModel(int maxBatch, ToIntFunction<int[]> next) {
    this.maxBatch = maxBatch;
    this.next = next;
  }

  /** Says letters that depend on the whole history, and never ends. */
  public static FakeModel letters(int maxBatch) {
    return new FakeModel(maxBatch, FakeModel::letter);
  }

  /** A letter that depends on every token and its place. */
  public static int letter(int[] history) {
    int hash = 17;
    for (int id : history) {
      hash = 31 * hash + id;
    }
    return 'a' + Math.floorMod(hash ^ (hash >>> 13), 26);
  }

  /** Is called on the engine's thread before each step. */
  public void before(Consumer<Batch> hook) {
    before = hook;
  }

  /** Steps take so long, on a clock of its own. */
  public FakeModel costing(IntToLongFunction nanosOfTokens) {
    cost = nanosOfTokens;
    return this;
  }

  /** That clock. */
  public long nanos() {
    return nanos.get();
  }

  /** Tokens of each step so far. */
  public List<Integer> batchSizes() {
    return batchSizes;
  }

  public boolean isClosed() {
    return isClosed;
  }

  @Override
  public ModelInfo info() {
    return new ModelInfo("fake", VOCAB, 1 << 20, 1, 1, 8, 1, 1);
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public KvStore newKvStore(int blocks) {
    return new KvStore(List.of(new KvStore.Shape(1, 1)), TensorType.F32, blocks, this::arena);
  }

  private Arena arena() {
    if (hasNoMemory) {
      return new FullArena();
    }
    return Arena.ofShared();
  }

  /** As if the machine had no memory for more keys and values, or had it again. */
  public void hasNoMemory(boolean isFull) {
    hasNoMemory = isFull;
  }

  /** Memory that is used up. */
  private record FullArena(Arena scoped) implements Arena {
    FullArena() {
      this(Arena.ofShared());
    }

    @Override
    public MemorySegment allocate(long bytes, long alignment) {
      throw new OutOfMemoryError("on purpose");
    }

    @Override
    public MemorySegment.Scope scope() {
      return scoped.scope();
    }

    @Override
    public void close() {
      scoped.close();
    }
  }

  @Override
  public void forward(Batch batch, KvStore kv, Floats logits) {
    if (batch.size() > maxBatch) {
      throw new IllegalStateException("batch of " + batch.size() + " tokens");
    }
    before.accept(batch);
    batchSizes.add(batch.size());
    nanos.addAndGet(cost.applyAsLong(batch.size()));
    for (int t = 0; t < batch.size(); t++) {
      int position = batch.positions()[t];
      write(kv, block(batch, t, position), position % KvStore.BLOCK, batch.ids()[t]);
    }
    int[] places = new int[(int) (kv.bytesPerBlock() / Integer.BYTES)];
    MemorySegment view = MemorySegment.ofArray(places);
    for (int row = 0; row < batch.logitRows().length; row++) {
      int t = batch.logitRows()[row];
      int[] history = new int[batch.positions()[t] + 1];
      for (int p = 0; p < history.length; p++) {
        if (p % KvStore.BLOCK == 0) {
          kv.save(block(batch, t, p), view);
        }
        history[p] = places[p % KvStore.BLOCK];
      }
      int id = next.applyAsInt(history);
      for (int i = 0; i < VOCAB; i++) {
        logits.set((long) row * VOCAB + i, i == id ? 10f : (i * 37 % 101) / 50f);
      }
    }
  }

  private static int block(Batch batch, int t, int position) {
    return batch.blockTables()[batch.tables()[t]][position / KvStore.BLOCK];
  }

  /** Stores a token in a place of {@link #newKvStore}. */
  public static void write(KvStore kv, int block, int slot, int id) {
    MemorySegment all = MemorySegment.ofArray(new int[(int) (kv.bytesPerBlock() / Integer.BYTES)]);
    kv.save(block, all);
    all.setAtIndex(ID, slot, id);
    kv.restore(block, all);
  }

  /** The token in a place of {@link #newKvStore}. */
  public static int read(KvStore kv, int block, int slot) {
    MemorySegment all = MemorySegment.ofArray(new int[(int) (kv.bytesPerBlock() / Integer.BYTES)]);
    kv.save(block, all);
    return all.getAtIndex(ID, slot);
  }

  @Override
  public void close() {
    isClosed = true;
  }
}

package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/**
 * Plain loops until faster kernels are ready. The JVM takes a second or two to compile vector
 * kernels, and interpreted they are a thousand times slower; plain loops compute at once. Both give
 * the same bits, so a reply does not show where they took over.
 */
public final class StartingKernels implements Kernels {
  private static final System.Logger LOG = System.getLogger(StartingKernels.class.getName());

  /** Plain loops get the compiler's attention in so many rounds, and are good enough meanwhile. */
  private static final int PLAIN_ROUNDS = 8;

  /** Faster kernels that are not compiled after this time are used all the same. */
  private static final long MILLIS = 8000;

  private final Kernels plain;
  private final Kernels fast;
  private final IntFunction<Kernels> another;
  private final UsedTypes types;
  private final AtomicBoolean hasBegun = new AtomicBoolean();
  private volatile boolean isReady;
  private volatile boolean isFast; // written by the computing thread alone
  private final List<Thread> warmUps = new ArrayList<>();
  private boolean isClosed; // guarded by warmUps

  /**
   * @param plain makes exact kernels of so many threads that are good at once
   * @param fast makes those that must be compiled first; both read the same packed weights
   * @param types what will be computed on
   */
  StartingKernels(
      IntFunction<Kernels> plain, IntFunction<Kernels> fast, int threads, UsedTypes types) {
    this.plain = plain.apply(threads);
    this.fast = fast.apply(threads);
    this.another = fast;
    this.types = types;
    start(() -> warmUp(plain.apply(1), PLAIN_ROUNDS));
  }

  /** Begins to warm up the faster kernels, on a thread of its own; the first call does. */
  public void begin() {
    if (hasBegun.compareAndSet(false, true)) {
      start(() -> isReady = warmUp(another.apply(1), Integer.MAX_VALUE));
    }
  }

  private void start(Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().name("nearside-warm-up").unstarted(work);
    synchronized (warmUps) {
      if (!isClosed) {
        warmUps.add(thread);
        thread.start();
      }
    }
  }

  // Whether the kernels may be used now; those that can't be warmed up are used as they are.
  private boolean warmUp(Kernels kernels, int rounds) {
    try (kernels) {
      KernelWarmUp.run(kernels, types, rounds, MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "kernels can't be warmed up", e);
      return true;
    }
  }

  /** Whether the faster kernels have taken over. */
  public boolean isFast() {
    return isFast;
  }

  /** The kernels of this moment; the computing thread changes over between two operations. */
  private Kernels now() {
    if (isReady && !isFast) {
      isFast = true;
      plain.close();
    }
    return isFast ? fast : plain;
  }

  @Override
  public String name() {
    return fast.name();
  }

  @Override
  public int threads() {
    return fast.threads();
  }

  @Override
  public PackedWeights pack(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    return fast.pack(type, source, rows, cols, arena);
  }

  @Override
  public Optional<String> layout() {
    return fast.layout();
  }

  @Override
  public Optional<PackedWeights> adopt(
      TensorType type, int rows, int cols, MemorySegment packed, Arena arena) {
    return fast.adopt(type, rows, cols, packed, arena);
  }

  @Override
  public Activations newActivations(int maxTokens, int maxCols, Arena arena) {
    return fast.newActivations(maxTokens, maxCols, arena);
  }

  @Override
  public void prepare(Floats x, TokenCount tokens, int cols, Activations into) {
    now().prepare(x, tokens, cols, into);
  }

  @Override
  public void gather(Activations from, int[] rows, int count, Activations into) {
    now().gather(from, rows, count, into);
  }

  @Override
  public void matmul(PackedWeights w, Activations x, Floats out) {
    now().matmul(w, x, out);
  }

  @Override
  public void rmsNorm(Floats x, Floats weight, float eps, int rows, int dim, Floats out) {
    now().rmsNorm(x, weight, eps, rows, dim, out);
  }

  @Override
  public void rope(Floats x, TokenRows rows, int heads, RopeShape shape, Floats cosSin) {
    now().rope(x, rows, heads, shape, cosSin);
  }

  @Override
  public void storeKv(KvLayer kv, TokenRows rows, Floats k, Floats v) {
    now().storeKv(kv, rows, k, v);
  }

  @Override
  public void expect(AttentionSpec spec, TensorType kvType) {
    fast.expect(spec, kvType);
  }

  @Override
  public void attention(AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out) {
    now().attention(spec, kv, rows, q, out);
  }

  @Override
  public void gated(GatedActivation act, Floats gate, Floats up, long count, Floats out) {
    now().gated(act, gate, up, count, out);
  }

  @Override
  public void add(Floats x, Floats y, long count) {
    now().add(x, y, count);
  }

  @Override
  public void addScaled(Floats x, Floats y, float s, long count) {
    now().addScaled(x, y, s, count);
  }

  @Override
  public void addBias(Floats x, Floats bias, int rows, int dim) {
    now().addBias(x, bias, rows, dim);
  }

  @Override
  public void scale(Floats x, float s, long count) {
    now().scale(x, s, count);
  }

  @Override
  public void softCap(Floats x, float cap, long count) {
    now().softCap(x, cap, count);
  }

  @Override
  public void softmax(Floats x, int rows, int dim) {
    now().softmax(x, rows, dim);
  }

  @Override
  public EncoderKernels encoder() {
    return now().encoder();
  }

  @Override
  public void close() {
    synchronized (warmUps) {
      isClosed = true;
      warmUps.forEach(Thread::interrupt);
    }
    plain.close();
    fast.close();
  }
}

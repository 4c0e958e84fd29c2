package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.EncoderKernels;
import dev.nearside.tensor.kernel.EncoderSpec;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.RopeStyle;
import dev.nearside.tensor.kernel.SpecificationKernels;
import dev.nearside.tensor.kernel.TokenCount;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Compares what routines compute on this CPU with the specification, before they are relied on. */
final class SelfCheck<K> {
  private static final int TOKENS = 5; // as many as a routine takes, and one
  private static final int LONG = KvLayer.BLOCK + 2; // tokens of a second tile
  private static final int WIDTH = 64;
  private static final int ROWS = PanelFormat.ROWS + 1;

  private final K ours;
  private final K spec;
  private final Arena arena;
  private final Random random = new Random(11);

  private SelfCheck(K ours, K spec, Arena arena) {
    this.ours = ours;
    this.spec = spec;
    this.arena = arena;
  }

  /**
   * Everything but products and attention.
   *
   * @throws MachineException when a result is another one
   */
  static void layers(Kernels ours) {
    run(ours, k -> k, SelfCheck::layers);
  }

  /**
   * Products with weights of a type.
   *
   * @throws MachineException when a result is another one
   */
  static void products(Kernels ours, TensorType type) {
    run(ours, k -> k, check -> products(check, type, TokenCount.exact(TOKENS)));
  }

  /**
   * Products in fast numerics with weights of all types that have codes.
   *
   * @throws MachineException when a result is another one
   */
  static void fastProducts(Kernels ours) {
    TokenCount both = new TokenCount(2 * TOKENS, TOKENS);
    run(
        ours,
        k -> k,
        check -> CodeReaders.all().forEach(reader -> products(check, reader.type(), both)));
  }

  /**
   * Storing keys and values, and attention over them.
   *
   * @throws MachineException when a result is another one
   */
  static void attention(Kernels ours, AttentionRoutine.Shape shape) {
    run(ours, k -> k, check -> attention(check, shape));
  }

  /**
   * Attention of encoders.
   *
   * @throws MachineException when a result is another one
   */
  static void encoderAttention(EncoderKernels ours, int dim) {
    run(ours, Kernels::encoder, check -> encoderAttention(check, dim));
  }

  /**
   * What else encoders have.
   *
   * @throws MachineException when a result is another one
   */
  static void encoder(EncoderKernels ours) {
    run(ours, Kernels::encoder, SelfCheck::encoder);
  }

  private static <K> void run(K ours, Function<Kernels, K> oracle, Consumer<SelfCheck<K>> what) {
    try (Arena arena = Arena.ofShared();
        Kernels spec = new SpecificationKernels(1)) {
      what.accept(new SelfCheck<>(ours, oracle.apply(spec), arena));
    }
  }

  private Floats numbers(int count) {
    Floats out = Floats.allocate(arena, count);
    for (int i = 0; i < count; i++) {
      out.set(i, (float) random.nextGaussian());
    }
    return out;
  }

  /** Has the specification and the routines compute the same in place. */
  private void compare(String what, Floats x, BiConsumer<K, Floats> how) {
    Floats expected = Floats.copyOf(arena, x.toArray());
    how.accept(spec, expected);
    how.accept(ours, x);
    for (long i = 0; i < x.size(); i++) {
      if (Float.floatToRawIntBits(expected.get(i)) != Float.floatToRawIntBits(x.get(i))) {
        throw new MachineException(
            "this CPU computes something else than the specification: " + what);
      }
    }
  }

  private static void layers(SelfCheck<Kernels> check) {
    int count = TOKENS * WIDTH;
    Floats other = check.numbers(count);
    check.compare(
        "norms", check.numbers(count), (k, x) -> k.rmsNorm(x, other, 1e-5f, TOKENS, WIDTH, x));
    for (GatedActivation act : GatedActivation.values()) {
      check.compare(
          act + " gates", check.numbers(count), (k, x) -> k.gated(act, x, other, count, x));
    }
    check.compare("caps", check.numbers(count), (k, x) -> k.softCap(x, 1.5f, count));
    check.compare("sums", check.numbers(count), (k, x) -> k.addScaled(x, other, 0.3f, count));
    for (RopeStyle style : RopeStyle.values()) {
      RopeShape heads = new RopeShape(WIDTH, WIDTH, style);
      check.compare(
          "rotations",
          check.numbers(count),
          (k, x) -> k.rope(x, sequence(0, TOKENS), 1, heads, other));
    }
  }

  private static void attention(SelfCheck<Kernels> check, AttentionRoutine.Shape shape) {
    int dim = shape.dim();
    TensorType type = shape.type();
    float cap = shape.isCapped() ? 1.5f : 0;
    long bytes = type.bytes(2L * KvLayer.BLOCK * dim);
    Floats keys = check.numbers(LONG * dim);
    Floats values = check.numbers(LONG * dim);
    for (int heads = 1; heads <= AttentionRoutine.MOST_QUERIES; heads++) {
      AttentionSpec layer = new AttentionSpec(heads, 1, dim, 0.1f, 0, cap, null);
      check.compare(
          "attention over " + type,
          check.numbers(2 * heads * dim),
          (k, x) -> {
            KvLayer kv =
                new KvLayer(
                    check.arena.allocate(bytes, 64), check.arena.allocate(bytes, 64), type, 1, dim);
            k.storeKv(kv, sequence(0, LONG), keys, values);
            k.attention(layer, kv, sequence(LONG - 2, LONG), x, x);
          });
    }
  }

  private static TokenRows sequence(int from, int to) {
    int[] positions = IntStream.range(from, to).toArray();
    return new TokenRows(to - from, positions, new int[to - from], new int[][] {{0, 1}});
  }

  private static void products(SelfCheck<Kernels> check, TensorType type, TokenCount tokens) {
    int cols = Math.max(WIDTH, type.blockElems());
    MemorySegment source = check.arena.allocate(type.bytes((long) ROWS * cols), 64);
    RandomBlocks.fill(type, source, 0.1, check.random.nextLong());
    Floats x = check.numbers(tokens.all() * cols);
    check.compare(
        "products of " + type,
        Floats.allocate(check.arena, (long) tokens.all() * ROWS),
        (k, out) -> {
          Activations rounded = k.newActivations(tokens.all(), cols, check.arena);
          k.prepare(x, tokens, cols, rounded);
          k.matmul(k.pack(type, source, ROWS, cols, check.arena), rounded, out);
        });
  }

  private static void encoder(SelfCheck<EncoderKernels> check) {
    int count = TOKENS * WIDTH;
    Floats other = check.numbers(count);
    check.compare(
        "norms with a mean",
        check.numbers(count),
        (k, x) -> k.layerNorm(x, other, other, 1e-5f, TOKENS, WIDTH, x));
    for (Activation act : Activation.values()) {
      check.compare("activation " + act, check.numbers(count), (k, x) -> k.activate(act, x, count));
    }
  }

  private static void encoderAttention(SelfCheck<EncoderKernels> check, int dim) {
    int[] starts = {0, LONG, LONG + 3, LONG + 4}; // runs of 16, 2, 3 and 1
    int count = starts[3] * dim;
    Floats keys = check.numbers(count);
    Floats values = check.numbers(count);
    EncoderSpec shape = new EncoderSpec(1, dim, 0.1f, 0);
    check.compare(
        "attention in both directions",
        check.numbers(count),
        (k, x) -> k.attention(shape, starts, x, keys, values, x));
  }
}

package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.RopeStyle;
import dev.nearside.tensor.kernel.SpecificationKernels;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.Consumer;

/** Compares what routines compute on this CPU with the specification, before they are relied on. */
final class SelfCheck {
  private static final int TOKENS = 5; // as many as a routine takes, and one
  private static final int WIDTH = 64;
  private static final int ROWS = PanelFormat.ROWS + 1;

  private static final TokenRows SEQUENCE =
      new TokenRows(TOKENS, new int[] {0, 1, 2, 3, 4}, new int[TOKENS], new int[1][1]);

  private final Kernels ours;
  private final Kernels spec;
  private final Arena arena;
  private final Random random = new Random(11);

  private SelfCheck(Kernels ours, Kernels spec, Arena arena) {
    this.ours = ours;
    this.spec = spec;
    this.arena = arena;
  }

  private interface Operation {
    /** Computes with these kernels, in place. */
    void run(Kernels kernels, Floats x);
  }

  /**
   * Everything but products and attention.
   *
   * @throws MachineException when a result is another one
   */
  static void layers(Kernels ours) {
    run(ours, SelfCheck::layers);
  }

  /**
   * Products with weights of a type.
   *
   * @throws MachineException when a result is another one
   */
  static void products(Kernels ours, TensorType type) {
    run(ours, check -> check.products(type));
  }

  /**
   * Storing keys and values, and attention over them.
   *
   * @throws MachineException when a result is another one
   */
  static void attention(Kernels ours, AttentionRoutine.Shape shape) {
    run(ours, check -> check.attention(shape));
  }

  private static void run(Kernels ours, Consumer<SelfCheck> what) {
    try (Arena arena = Arena.ofShared();
        Kernels spec = new SpecificationKernels(1)) {
      what.accept(new SelfCheck(ours, spec, arena));
    }
  }

  private Floats numbers(int count) {
    Floats out = Floats.allocate(arena, count);
    for (int i = 0; i < count; i++) {
      out.set(i, (float) random.nextGaussian());
    }
    return out;
  }

  private void compare(String what, Floats x, Operation operation) {
    Floats expected = Floats.copyOf(arena, x.toArray());
    operation.run(spec, expected);
    operation.run(ours, x);
    for (long i = 0; i < x.size(); i++) {
      if (Float.floatToRawIntBits(expected.get(i)) != Float.floatToRawIntBits(x.get(i))) {
        throw new MachineException(
            "this CPU computes something else than the specification: " + what);
      }
    }
  }

  private void layers() {
    int count = TOKENS * WIDTH;
    Floats other = numbers(count);
    compare("norms", numbers(count), (k, x) -> k.rmsNorm(x, other, 1e-5f, TOKENS, WIDTH, x));
    for (GatedActivation act : GatedActivation.values()) {
      compare(act + " gates", numbers(count), (k, x) -> k.gated(act, x, other, count, x));
    }
    compare("caps", numbers(count), (k, x) -> k.softCap(x, 1.5f, count));
    compare("sums", numbers(count), (k, x) -> k.addScaled(x, other, 0.3f, count));
    for (RopeStyle style : RopeStyle.values()) {
      RopeShape heads = new RopeShape(WIDTH, WIDTH, style);
      compare("rotations", numbers(count), (k, x) -> k.rope(x, SEQUENCE, 1, heads, other));
    }
  }

  private void attention(AttentionRoutine.Shape shape) {
    int dim = shape.dim();
    TensorType type = shape.type();
    Floats keys = numbers(TOKENS * dim);
    Floats values = numbers(TOKENS * dim);
    AttentionSpec layer = new AttentionSpec(1, 1, dim, 0.1f, 0, shape.isCapped() ? 1.5f : 0, null);
    long bytes = type.bytes((long) KvLayer.BLOCK * dim);
    compare(
        "attention over " + type,
        numbers(TOKENS * dim),
        (k, x) -> {
          KvLayer kv =
              new KvLayer(arena.allocate(bytes, 64), arena.allocate(bytes, 64), type, 1, dim);
          k.storeKv(kv, SEQUENCE, keys, values);
          k.attention(layer, kv, SEQUENCE, x, x);
        });
  }

  private void products(TensorType type) {
    int cols = Math.max(WIDTH, type.blockElems());
    MemorySegment source = arena.allocate(type.bytes((long) ROWS * cols), 64);
    RandomBlocks.fill(type, source, 0.1, random.nextLong());
    Floats x = numbers(TOKENS * cols);
    compare(
        "products of " + type,
        Floats.allocate(arena, (long) TOKENS * ROWS),
        (k, out) -> {
          Activations rounded = k.newActivations(TOKENS, cols, arena);
          k.prepare(x, TOKENS, cols, rounded);
          k.matmul(k.pack(type, source, ROWS, cols, arena), rounded, out);
        });
  }
}

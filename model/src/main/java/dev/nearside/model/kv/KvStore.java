package dev.nearside.model.kv;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.Specification;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keys and values of all layers, in blocks of {@link KvLayer#BLOCK} positions. A block number means
 * the same place in every layer. The store grows by copying, so that a short chat does not pay for
 * a long context.
 */
public final class KvStore implements AutoCloseable {
  /** Positions in a block. */
  public static final int BLOCK = KvLayer.BLOCK;

  /**
   * What one layer stores.
   *
   * @param kvHeads heads of keys and values
   * @param headDim elements of a head
   */
  public record Shape(int kvHeads, int headDim) {}

  private static final long ALIGNMENT = 64;

  private final List<Shape> shapes;
  private final TensorType type;
  private final Supplier<Arena> memory;
  private final List<Arena> arenas = new ArrayList<>(); // one per layer
  private final List<KvLayer> layers = new ArrayList<>();
  private int blocks;

  /**
   * @param shapes one per layer
   * @param type F16, Q8_0, or F32 in the reference mode of tests
   * @param blocks room to start with
   * @throws ModelException when heads of these widths can't be kept as {@code type}
   */
  public KvStore(List<Shape> shapes, TensorType type, int blocks) {
    this(shapes, type, blocks, Arena::ofShared);
  }

  /**
   * @param memory makes what the blocks are kept in, one for each layer and size; other threads use
   *     and close it too
   */
  public KvStore(List<Shape> shapes, TensorType type, int blocks, Supplier<Arena> memory) {
    checkType(shapes, type);
    this.shapes = List.copyOf(shapes);
    this.type = type;
    this.blocks = blocks;
    this.memory = memory;
    try {
      for (Shape shape : this.shapes) {
        Arena arena = memory.get();
        arenas.add(arena);
        layers.add(allocate(arena, shape, blocks));
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      close();
      throw e;
    }
  }

  /**
   * Checks that keys and values of all layers can be kept as {@code type}.
   *
   * @throws ModelException when they can't
   */
  public static void checkType(List<Shape> shapes, TensorType type) {
    for (int layer = 0; layer < shapes.size(); layer++) {
      if (!KvLayer.canHold(type, shapes.get(layer).headDim())) {
        throw new ModelException(
            Fault.of("the model's keys and values can't be kept as " + type)
                .got("heads of " + shapes.get(layer).headDim() + " elements")
                .expected("f16, or q8_0 for heads of a multiple of 32 elements")
                .where("layer " + layer)
                .hint("Leave out --kv."));
      }
    }
  }

  /** Blocks that fit now. */
  public int blocks() {
    return blocks;
  }

  public KvLayer layer(int index) {
    return layers.get(index);
  }

  /** Bytes that one block takes over all layers. */
  public long bytesPerBlock() {
    return layers.stream().mapToLong(l -> 2 * l.blockBytes()).sum();
  }

  /** Makes room for block numbers below {@code wanted}; what is stored stays. */
  public void ensure(int wanted) {
    ensure(wanted, Integer.MAX_VALUE);
  }

  /**
   * As {@link #ensure(int)}, within a budget: a store that grows takes more than it needs, so that
   * it does not grow often.
   *
   * @param most blocks at most, at least {@code wanted}
   */
  public void ensure(int wanted, int most) {
    if (wanted <= blocks) {
      return;
    }
    int grown = (int) Math.min(most, Math.max(wanted, blocks + blocks / 2L));
    // Layer by layer, so that no more than one is there twice.
    for (int i = 0; i < layers.size(); i++) {
      Arena bigger = memory.get();
      KvLayer moved;
      try {
        moved = allocate(bigger, shapes.get(i), grown);
      } catch (OutOfMemoryError e) {
        bigger.close();
        throw new ModelException(
            Fault.of("no memory for the KV cache")
                .got(grown * bytesPerBlock() + " bytes wanted")
                .hint("Use a smaller --ctx."),
            e);
      }
      long used = blocks * moved.blockBytes();
      MemorySegment.copy(layers.get(i).keys(), 0, moved.keys(), 0, used);
      MemorySegment.copy(layers.get(i).values(), 0, moved.values(), 0, used);
      layers.set(i, moved);
      arenas.set(i, bigger).close();
    }
    blocks = grown;
  }

  /**
   * What the bytes of a block mean: numerics, type and shapes. Blocks that were saved are good for
   * another store as long as this is the same.
   */
  public String format() {
    return Specification.VERSION + ' ' + type + ' ' + BLOCK + ' ' + shapes;
  }

  /**
   * Writes what a block holds to the first {@link #bytesPerBlock} bytes of {@code to}: layer by
   * layer, its keys and then its values.
   */
  public void save(int block, MemorySegment to) {
    long at = 0;
    for (KvLayer layer : layers) {
      long bytes = layer.blockBytes();
      MemorySegment.copy(layer.keys(), block * bytes, to, at, bytes);
      MemorySegment.copy(layer.values(), block * bytes, to, at + bytes, bytes);
      at += 2 * bytes;
    }
  }

  /** Fills a block with what {@link #save} wrote. */
  public void restore(int block, MemorySegment from) {
    long at = 0;
    for (KvLayer layer : layers) {
      long bytes = layer.blockBytes();
      MemorySegment.copy(from, at, layer.keys(), block * bytes, bytes);
      MemorySegment.copy(from, at + bytes, layer.values(), block * bytes, bytes);
      at += 2 * bytes;
    }
  }

  /** Copies what block {@code from} holds to block {@code to}. */
  public void copy(int from, int to) {
    for (KvLayer layer : layers) {
      long bytes = layer.blockBytes();
      MemorySegment.copy(layer.keys(), from * bytes, layer.keys(), to * bytes, bytes);
      MemorySegment.copy(layer.values(), from * bytes, layer.values(), to * bytes, bytes);
    }
  }

  @Override
  public void close() {
    arenas.forEach(Arena::close);
    arenas.clear();
  }

  private KvLayer allocate(Arena owner, Shape shape, int count) {
    long bytes =
        type.bytes(
            Math.multiplyExact(
                (long) KvLayer.BLOCK * shape.kvHeads() * shape.headDim(),
                (long) Math.max(count, 1)));
    return new KvLayer(
        owner.allocate(bytes, ALIGNMENT),
        owner.allocate(bytes, ALIGNMENT),
        type,
        shape.kvHeads(),
        shape.headDim());
  }
}

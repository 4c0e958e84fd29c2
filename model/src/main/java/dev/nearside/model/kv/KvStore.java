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
  private Arena arena;
  private List<KvLayer> layers;
  private int blocks;

  /**
   * @param shapes one per layer
   * @param type F16, Q8_0, or F32 in the reference mode of tests
   * @param blocks room to start with
   * @throws ModelException when heads of these widths can't be kept as {@code type}
   */
  public KvStore(List<Shape> shapes, TensorType type, int blocks) {
    checkType(shapes, type);
    this.shapes = List.copyOf(shapes);
    this.type = type;
    this.blocks = blocks;
    this.arena = Arena.ofShared();
    this.layers = allocate(arena, blocks);
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
    Arena bigger = Arena.ofShared();
    List<KvLayer> moved;
    try {
      moved = allocate(bigger, grown);
    } catch (OutOfMemoryError e) {
      bigger.close();
      throw new ModelException(
          Fault.of("no memory for the KV cache")
              .got(grown * bytesPerBlock() + " bytes wanted")
              .hint("Use a smaller --ctx."),
          e);
    }
    for (int i = 0; i < layers.size(); i++) {
      copy(layers.get(i).keys(), moved.get(i).keys());
      copy(layers.get(i).values(), moved.get(i).values());
    }
    arena.close();
    arena = bigger;
    layers = moved;
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
    arena.close();
  }

  private static void copy(MemorySegment from, MemorySegment to) {
    MemorySegment.copy(from, 0, to, 0, from.byteSize());
  }

  private List<KvLayer> allocate(Arena owner, int count) {
    List<KvLayer> out = new ArrayList<>(shapes.size());
    for (Shape s : shapes) {
      long bytes =
          type.bytes(
              Math.multiplyExact(
                  (long) KvLayer.BLOCK * s.kvHeads() * s.headDim(), (long) Math.max(count, 1)));
      out.add(
          new KvLayer(
              owner.allocate(bytes, ALIGNMENT),
              owner.allocate(bytes, ALIGNMENT),
              type,
              s.kvHeads(),
              s.headDim()));
    }
    return List.copyOf(out);
  }
}

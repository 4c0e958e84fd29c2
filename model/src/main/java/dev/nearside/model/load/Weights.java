package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.ModelException;
import dev.nearside.model.layer.BlockRows;
import dev.nearside.model.layer.Embedding;
import dev.nearside.model.layer.LayerNorm;
import dev.nearside.model.layer.Linear;
import dev.nearside.model.layer.PackedLinear;
import dev.nearside.model.layer.Place;
import dev.nearside.model.layer.RmsNorm;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.quant.QuantFormat;
import dev.nearside.tensor.quant.QuantFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes named tensors out of a file, checks their shapes, and makes layers of them. Names are
 * GGUF's without {@code .weight}.
 */
public final class Weights {
  private final TensorFile file;
  private final Layout layout;
  private final Arena arena;
  private final List<Place> places = new ArrayList<>();

  /** How matrices are laid out. */
  @FunctionalInterface
  private interface Layout {
    /**
     * @param from where the matrix begins in the tensor's data, in bytes
     */
    PackedWeights pack(TensorInfo info, long from, int rows, int cols);
  }

  /** A matrix that was checked and never read. */
  private record Unread(TensorType type, int rows, int cols) implements PackedWeights {
    @Override
    public long bytes() {
      return 0;
    }
  }

  private Weights(TensorFile file, Layout layout, Arena arena) {
    this.file = file;
    this.layout = layout;
    this.arena = arena;
  }

  /**
   * @param arena owns everything that is made
   */
  public Weights(TensorFile file, Kernels kernels, Arena arena) {
    this(file, kernels, arena, null);
  }

  /**
   * @param arena owns everything that is made
   * @param cache packed copies of an earlier load, or null
   */
  public Weights(TensorFile file, Kernels kernels, Arena arena, @Nullable PackedCache cache) {
    this(
        file,
        (info, from, rows, cols) -> {
          Supplier<PackedWeights> pack =
              () -> {
                long bytes = info.type().bytes((long) rows * cols);
                MemorySegment part = file.data(info).asSlice(from, bytes);
                return kernels.pack(info.type(), part, rows, cols, arena);
              };
          return cache == null
              ? pack.get()
              : cache.get(info.name() + "#" + from, info.type(), rows, cols, kernels, arena, pack);
        },
        arena);
  }

  /**
   * Weights whose matrices are checked but neither read nor good to compute with; vectors are read.
   *
   * @param arena owns everything that is made
   */
  public static Weights unread(TensorFile file, Arena arena) {
    return new Weights(
        file, (info, from, rows, cols) -> new Unread(info.type(), rows, cols), arena);
  }

  public boolean has(String name) {
    return file.find(name + ".weight").isPresent();
  }

  /** Length of the vocabulary: rows of the embedding. */
  public int vocab() {
    return Math.toIntExact(get("token_embd.weight").rows());
  }

  /** {@code (rows, cols)}, with the bias if the file has one. */
  public Linear linear(String name, int rows, int cols) {
    TensorInfo info = shaped(name + ".weight", rows, cols);
    Place place = place(info.name(), new Place.Whole(), rows, cols);
    return new PackedLinear(layout.pack(info, 0, rows, cols), bias(name, 0, rows), place);
  }

  /**
   * Rows {@code from} to {@code from + rows} of a matrix of {@code allRows} rows: a part of fused
   * projections.
   */
  public Linear slice(String name, int allRows, int from, int rows, int cols) {
    TensorInfo info = shaped(name + ".weight", allRows, cols);
    long begin = from * info.type().bytes(cols);
    Place place = place(info.name(), new Place.Rows(from, allRows), rows, cols);
    return new PackedLinear(layout.pack(info, begin, rows, cols), bias(name, from, rows), place);
  }

  /** One {@code (rows, cols)} matrix per expert. */
  public List<Linear> experts(String name, int experts, int rows, int cols) {
    TensorInfo info = shaped(name + ".weight", experts, rows, cols);
    long bytes = info.type().bytes((long) rows * cols);
    List<Linear> out = new ArrayList<>(experts);
    for (int e = 0; e < experts; e++) {
      PackedWeights packed = layout.pack(info, e * bytes, rows, cols);
      Place place = place(info.name(), new Place.Expert(e, experts), rows, cols);
      out.add(new PackedLinear(packed, bias(name, e * rows, rows), place));
    }
    return out;
  }

  /** A norm of {@code dim} weights. */
  public RmsNorm norm(String name, int dim, float eps) {
    return new RmsNorm(Floats.copyOf(arena, vector(name + ".weight", dim)), eps);
  }

  /** A norm by mean and variance, with the bias if the file has one. */
  public LayerNorm layerNorm(String name, int dim, float eps) {
    Floats weight = Floats.copyOf(arena, vector(name + ".weight", dim));
    return new LayerNorm(weight, bias(name, 0, dim), eps);
  }

  /** {@code dim} values as kernels read them. */
  public Floats floats(String name, int dim) {
    return Floats.copyOf(arena, vector(name, dim));
  }

  /** The values of a whole tensor, if the file has it. */
  public float @Nullable [] findVector(String name) {
    Optional<TensorInfo> info = file.find(name);
    return info.isEmpty() ? null : decode(info.get());
  }

  /** The embedding, decoded row by row from the file. */
  public Embedding embedding(int hidden) {
    TensorInfo info = shaped("token_embd.weight", vocab(), hidden);
    return new Embedding(rows(info, hidden), info.bytes(), vocab(), hidden);
  }

  private BlockRows rows(TensorInfo info, int cols) {
    QuantFormat format = decoder(info);
    return file instanceof RemainderFile remainder
        ? remainder.rows(info, format)
        : BlockRows.of(file.data(info), format, cols);
  }

  /** Rows of a table, decoded one by one from the file. */
  public Embedding table(String name, int rows, int hidden) {
    TensorInfo info = shaped(name + ".weight", rows, hidden);
    return new Embedding(rows(info, hidden), info.bytes(), rows, hidden);
  }

  /** Rows that a tensor has: what metadata leaves open. */
  public int rows(String name) {
    return Math.toIntExact(get(name + ".weight").rows());
  }

  /** The output head: a matrix of its own, or the embedding's. */
  public Linear head(int hidden) {
    if (has("output")) {
      return linear("output", vocab(), hidden);
    }
    // Adapters tell the two uses of a shared matrix apart, also where the file doesn't.
    TensorInfo info = shaped("token_embd.weight", vocab(), hidden);
    Place place = place("output.weight", new Place.Whole(), vocab(), hidden);
    return new PackedLinear(layout.pack(info, 0, vocab(), hidden), null, place);
  }

  /** The matrices that were made so far, by {@link Place#id}. */
  public List<Place> places() {
    return List.copyOf(places);
  }

  private Place place(String tensor, Place.Part part, int rows, int cols) {
    Place place = new Place(places.size(), tensor, part, rows, cols);
    places.add(place);
    return place;
  }

  private float[] vector(String name, int dim) {
    TensorInfo info = get(name);
    if (info.elems() != dim) {
      throw wrongShape(info, new long[] {dim});
    }
    return decode(info);
  }

  private float[] decode(TensorInfo info) {
    float[] out = new float[Math.toIntExact(info.elems())];
    decoder(info).decode(file.data(info), 0, out, 0, out.length / info.type().blockElems());
    return out;
  }

  private @Nullable Floats bias(String name, int from, int rows) {
    float[] all = findVector(name + ".bias");
    if (all == null) {
      return null;
    }
    if (all.length < from + rows) {
      throw wrongShape(get(name + ".bias"), new long[] {from + rows});
    }
    return Floats.copyOf(arena, Arrays.copyOfRange(all, from, from + rows));
  }

  private TensorInfo shaped(String name, long... shape) {
    TensorInfo info = get(name);
    if (!Arrays.equals(info.shape(), shape)) {
      throw wrongShape(info, shape);
    }
    decoder(info);
    return info;
  }

  private TensorInfo get(String name) {
    return file.find(name)
        .orElseThrow(
            () -> new ModelException(Fault.of("the model file lacks a tensor").expected(name)));
  }

  private static QuantFormat decoder(TensorInfo info) {
    return QuantFormats.decoder(info.type())
        .orElseThrow(() ->
            new ModelException(
                Fault.of("tensor type can't hold weights")
                    .got(info.type())
                    .where("tensor " + info.name())));
  }

  private static ModelException wrongShape(TensorInfo info, long[] expected) {
    return new ModelException(
        Fault.of("tensor has another shape than the metadata says")
            .got(Arrays.toString(info.shape()))
            .expected(Arrays.toString(expected))
            .where("tensor " + info.name()));
  }
}

package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.ModelException;
import dev.nearside.model.layer.Deltas;
import dev.nearside.model.layer.Embedding;
import dev.nearside.model.layer.LowRank;
import dev.nearside.model.layer.LowRankEmbedding;
import dev.nearside.model.layer.Place;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.quant.QuantFormat;
import dev.nearside.tensor.quant.QuantFormats;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads LoRA adapters from GGUF: {@code general.type} is {@code adapter}, {@code adapter.type} is
 * {@code lora}, and for each changed tensor {@code NAME} there are {@code NAME.lora_a (rank, cols)}
 * and {@code NAME.lora_b (rows, rank)}; experts have a dimension more in front, and the embedding's
 * A is {@code (vocab, rank)}. Source: llama.cpp, {@code convert_lora_to_gguf.py} and {@code
 * src/llama-adapter.cpp}.
 */
public final class AdapterReader {
  private static final String A = ".lora_a";
  private static final String B = ".lora_b";
  private static final String EMBEDDING = "token_embd.weight";
  private static final int MAX_RANK = 1 << 14;

  private final TensorFile file;
  private final Kernels kernels;
  private final Arena arena;
  private final float alpha;
  private int highestRank = 1;

  private AdapterReader(TensorFile file, Kernels kernels, Arena arena) {
    this.file = file;
    this.kernels = kernels;
    this.arena = arena;
    this.alpha = (float) file.metadata().findReal("adapter.lora.alpha").orElse(0);
  }

  /**
   * An adapter's weights.
   *
   * @param highestRank of all pairs
   */
  public record Loaded(Deltas deltas, int highestRank) {}

  /** The two tensors of one change. */
  private static final class Pair {
    @Nullable TensorInfo a;
    @Nullable TensorInfo b;
  }

  /** Both tensors, and how many experts they are for (1 = no expert tensor). */
  private record Checked(TensorInfo a, TensorInfo b, int rank, int experts) {}

  /**
   * Reads and checks all of {@code file}.
   *
   * @param architecture the model's
   * @param places the model's matrices, by id
   * @param vocab rows of the embedding
   * @param hidden its width
   * @param arena owns what is made; packed weights may lie in the file
   * @throws ModelException when it is no LoRA adapter, or one for another model
   */
  public static Loaded read(
      TensorFile file,
      String architecture,
      List<Place> places,
      int vocab,
      int hidden,
      Kernels kernels,
      Arena arena) {
    checkKind(file.metadata(), architecture);
    AdapterReader reader = new AdapterReader(file, kernels, arena);
    if (!Float.isFinite(reader.alpha)) {
      throw new ModelException(
          Fault.of("the adapter's alpha is not a finite number").got(reader.alpha));
    }
    return reader.read(places, vocab, hidden);
  }

  private static void checkKind(Metadata metadata, String architecture) {
    expect(metadata, "general.type", "adapter", "this file is not an adapter");
    expect(metadata, "adapter.type", "lora", "adapters of this type are not supported");
    expect(
        metadata, "general.architecture", architecture, "the adapter is for another architecture");
    if (metadata.has("adapter.alora.invocation_tokens")) {
      throw new ModelException(
          Fault.of("adapters that wait for a certain text (aLoRA) are not supported")
              .where("metadata key adapter.alora.invocation_tokens"));
    }
  }

  private static void expect(Metadata metadata, String key, String value, String otherwise) {
    String got = metadata.findString(key).orElse("");
    if (!got.equals(value)) {
      throw new ModelException(
          Fault.of(otherwise)
              .got(got.isEmpty() ? "nothing" : "'" + got + "'")
              .expected("'" + value + "'")
              .where("metadata key " + key));
    }
  }

  private Loaded read(List<Place> places, int vocab, int hidden) {
    Map<String, Pair> pairs = pairs();
    List<@Nullable LowRank> products =
        new ArrayList<>(Collections.<@Nullable LowRank>nCopies(places.size(), null));
    LowRankEmbedding embedding = null;
    for (Map.Entry<String, Pair> entry : pairs.entrySet()) {
      String name = entry.getKey();
      if (name.equals(EMBEDDING)) {
        embedding = embedding(checked(name, entry.getValue(), true), vocab, hidden);
        continue;
      }
      Checked pair = checked(name, entry.getValue(), false);
      boolean isKnown = false;
      for (Place place : places) {
        if (place.tensor().equals(name)) {
          products.set(place.id(), product(pair, place));
          isKnown = true;
        }
      }
      if (!isKnown) {
        throw new ModelException(
            Fault.of("the adapter changes a tensor that the model doesn't have")
                .got(name)
                .hint("It may be for another model."));
      }
    }
    return new Loaded(new Deltas(Collections.unmodifiableList(products), embedding), highestRank);
  }

  private Map<String, Pair> pairs() {
    Map<String, Pair> pairs = new TreeMap<>();
    for (TensorInfo info : file.tensors()) {
      String name = info.name();
      if (name.endsWith(A)) {
        pairs.computeIfAbsent(base(name), key -> new Pair()).a = info;
      } else if (name.endsWith(B)) {
        pairs.computeIfAbsent(base(name), key -> new Pair()).b = info;
      } else {
        throw new ModelException(
            Fault.of("the adapter holds a tensor that is no low-rank pair")
                .got(name)
                .expected("names that end in " + A + " or " + B));
      }
    }
    if (pairs.isEmpty()) {
      throw new ModelException(Fault.of("the adapter holds no tensors"));
    }
    return pairs;
  }

  private static String base(String name) {
    return name.substring(0, name.length() - A.length());
  }

  private Checked checked(String name, Pair pair, boolean isEmbedding) {
    TensorInfo a = pair.a;
    TensorInfo b = pair.b;
    if (a == null || b == null) {
      throw new ModelException(
          Fault.of("the adapter lacks one half of a pair").expected(name + (a == null ? A : B)));
    }
    int dims = a.dims();
    boolean isPair = (dims == 2 || (dims == 3 && !isEmbedding)) && b.dims() == dims;
    if (!isPair) {
      throw wrong(a, "two matrices, or one pair per expert");
    }
    long rank = b.cols();
    if (rank < 1 || rank > MAX_RANK || rank != (isEmbedding ? a.cols() : a.dim(dims - 2))) {
      throw wrong(a, "the rank of " + b.name() + Arrays.toString(b.shape()));
    }
    long experts = dims == 3 ? a.dim(0) : 1;
    if (experts < 1 || experts > Integer.MAX_VALUE || (dims == 3 && b.dim(0) != experts)) {
      throw wrong(b, "as many experts as " + a.name() + Arrays.toString(a.shape()));
    }
    highestRank = Math.max(highestRank, (int) rank);
    return new Checked(a, b, (int) rank, dims == 3 ? (int) experts : 0);
  }

  private LowRank product(Checked pair, Place place) {
    int allRows = place.part() instanceof Place.Rows part ? part.all() : place.rows();
    int experts = place.part() instanceof Place.Expert part ? part.all() : 0;
    TensorInfo a = pair.a;
    TensorInfo b = pair.b;
    if (pair.experts != experts || a.cols() != place.cols()) {
      throw wrong(a, shape(experts, pair.rank, place.cols()));
    }
    if (b.dim(b.dims() - 2) != allRows) {
      throw wrong(b, shape(experts, allRows, pair.rank));
    }
    long aFrom = 0;
    long bFrom = 0;
    switch (place.part()) {
      case Place.Whole whole -> {}
      case Place.Rows rows -> bFrom = b.type().bytes((long) rows.first() * pair.rank);
      case Place.Expert expert -> {
        aFrom = a.type().bytes((long) expert.index() * pair.rank * place.cols());
        bFrom = b.type().bytes((long) expert.index() * place.rows() * pair.rank);
      }
    }
    return new LowRank(
        pack(a, aFrom, pair.rank, place.cols()),
        pack(b, bFrom, place.rows(), pair.rank),
        factor(pair.rank));
  }

  private LowRankEmbedding embedding(Checked pair, int vocab, int hidden) {
    if (pair.a.dim(0) != vocab) {
      throw wrong(pair.a, shape(0, vocab, pair.rank));
    }
    if (pair.b.dim(0) != hidden) {
      throw wrong(pair.b, shape(0, hidden, pair.rank));
    }
    Embedding a = new Embedding(file.data(pair.a), decoder(pair.a), vocab, pair.rank);
    PackedWeights b = pack(pair.b, 0, hidden, pair.rank);
    return new LowRankEmbedding(a, new LowRank(b, b, factor(pair.rank)));
  }

  /** As llama.cpp has it, an alpha of zero, or none, leaves the scale alone. */
  private float factor(int rank) {
    return alpha == 0 ? 1f : alpha / rank;
  }

  private PackedWeights pack(TensorInfo info, long from, int rows, int cols) {
    decoder(info);
    long bytes = info.type().bytes((long) rows * cols);
    return kernels.pack(info.type(), file.data(info).asSlice(from, bytes), rows, cols, arena);
  }

  private static QuantFormat decoder(TensorInfo info) {
    return QuantFormats.decoder(info.type())
        .orElseThrow(() -> wrong(info, "a type that can hold weights, not " + info.type()));
  }

  private static String shape(int experts, long rows, long cols) {
    return Arrays.toString(
        experts == 0 ? new long[] {rows, cols} : new long[] {experts, rows, cols});
  }

  private static ModelException wrong(TensorInfo info, String expected) {
    return new ModelException(
        Fault.of("a tensor of the adapter doesn't fit the model")
            .got(Arrays.toString(info.shape()))
            .expected(expected)
            .where("tensor " + info.name())
            .hint("The adapter may be for another model."));
  }
}

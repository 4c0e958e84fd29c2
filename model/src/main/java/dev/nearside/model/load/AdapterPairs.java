package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.ModelException;
import dev.nearside.model.layer.Place;
import dev.nearside.tensor.quant.QuantFormats;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter's header says: {@code general.type} is {@code adapter}, {@code adapter.type} is
 * {@code lora}, and for each changed tensor {@code NAME} there are {@code NAME.lora_a (rank, cols)}
 * and {@code NAME.lora_b (rows, rank)}; experts have a dimension more in front, and the embedding's
 * A is {@code (vocab, rank)}. Source: llama.cpp, {@code convert_lora_to_gguf.py} and {@code
 * src/llama-adapter.cpp}.
 */
public final class AdapterPairs {
  static final String EMBEDDING = "token_embd.weight";
  private static final String A = ".lora_a";
  private static final String B = ".lora_b";
  private static final int MAX_RANK = 1 << 14;
  private static final String OTHER_MODEL = "The adapter may be for another model.";

  /**
   * The two tensors of one change.
   *
   * @param experts how many they are for; 0 = no expert tensor
   */
  record Pair(TensorInfo a, TensorInfo b, int rank, int experts) {}

  private final Map<String, Pair> pairs;
  private final float alpha;

  private AdapterPairs(Map<String, Pair> pairs, float alpha) {
    this.pairs = pairs;
    this.alpha = alpha;
  }

  /**
   * The pairs of {@code file}, by the name of the tensor that they change.
   *
   * @param architecture the model's; null = whichever
   * @throws ModelException when it is no LoRA adapter, or one for another architecture
   */
  public static AdapterPairs of(TensorFile file, @Nullable String architecture) {
    checkKind(file.metadata(), architecture);
    float alpha = (float) file.metadata().findReal("adapter.lora.alpha").orElse(0);
    if (!Float.isFinite(alpha)) {
      throw new ModelException(Fault.of("the adapter's alpha is not a finite number").got(alpha));
    }
    Map<String, Halves> halves = halves(file);
    if (halves.isEmpty()) {
      throw new ModelException(Fault.of("the adapter holds no tensors"));
    }
    Map<String, Pair> pairs = new TreeMap<>();
    halves.forEach((name, half) -> pairs.put(name, pair(name, half)));
    return new AdapterPairs(pairs, alpha);
  }

  Map<String, Pair> byName() {
    return pairs;
  }

  float alpha() {
    return alpha;
  }

  int highestRank() {
    return pairs.values().stream().mapToInt(Pair::rank).max().orElse(1);
  }

  /**
   * Compares the pairs with the model that they are for.
   *
   * @param places the model's matrices
   * @param vocab rows of the embedding
   * @param hidden its width
   * @throws ModelException when they are for another model
   */
  public void checkAgainst(List<Place> places, int vocab, int hidden) {
    pairs.forEach((name, pair) -> {
      if (name.equals(EMBEDDING)) {
        checkShape(pair.a, 0, vocab, pair.rank);
        checkShape(pair.b, 0, hidden, pair.rank);
        return;
      }
      List<Place> changed = places.stream().filter(p -> p.tensor().equals(name)).toList();
      if (changed.isEmpty()) {
        throw new ModelException(
            Fault.of("the adapter changes a tensor that the model doesn't have")
                .got(name)
                .hint(OTHER_MODEL));
      }
      changed.forEach(place -> check(pair, place));
    });
  }

  private static void check(Pair pair, Place place) {
    int experts = place.part() instanceof Place.Expert part ? part.all() : 0;
    int allRows = place.part() instanceof Place.Rows part ? part.all() : place.rows();
    if (pair.experts != experts) {
      throw wrong(pair.a, shape(experts, pair.rank, place.cols()));
    }
    checkShape(pair.a, experts, pair.rank, place.cols());
    checkShape(pair.b, experts, allRows, pair.rank);
  }

  private static void checkShape(TensorInfo info, int experts, long rows, long cols) {
    if (info.dim(info.dims() - 2) != rows || info.cols() != cols) {
      throw wrong(info, shape(experts, rows, cols));
    }
  }

  private static void checkKind(Metadata metadata, @Nullable String architecture) {
    expect(metadata, "general.type", "adapter", "this file is not an adapter");
    expect(metadata, "adapter.type", "lora", "adapters of this type are not supported");
    if (architecture != null) {
      expect(
          metadata,
          "general.architecture",
          architecture,
          "the adapter is for another architecture");
    }
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

  /** What was found of a pair so far. */
  private static final class Halves {
    @Nullable TensorInfo a;
    @Nullable TensorInfo b;
  }

  private static Map<String, Halves> halves(TensorFile file) {
    Map<String, Halves> halves = new TreeMap<>();
    for (TensorInfo info : file.tensors()) {
      String name = info.name();
      if (name.endsWith(A)) {
        halves.computeIfAbsent(base(name), key -> new Halves()).a = info;
      } else if (name.endsWith(B)) {
        halves.computeIfAbsent(base(name), key -> new Halves()).b = info;
      } else {
        throw new ModelException(
            Fault.of("the adapter holds a tensor that is no low-rank pair")
                .got(name)
                .expected("names that end in " + A + " or " + B));
      }
    }
    return halves;
  }

  private static String base(String name) {
    return name.substring(0, name.length() - A.length());
  }

  private static Pair pair(String name, Halves half) {
    TensorInfo a = half.a;
    TensorInfo b = half.b;
    boolean isEmbedding = name.equals(EMBEDDING);
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
    for (TensorInfo info : List.of(a, b)) {
      if (QuantFormats.decoder(info.type()).isEmpty()) {
        throw undecodable(info);
      }
    }
    return new Pair(a, b, (int) rank, dims == 3 ? (int) experts : 0);
  }

  private static String shape(int experts, long rows, long cols) {
    return Arrays.toString(
        experts == 0 ? new long[] {rows, cols} : new long[] {experts, rows, cols});
  }

  static ModelException undecodable(TensorInfo info) {
    return wrong(info, "a type that can hold weights, not " + info.type());
  }

  private static ModelException wrong(TensorInfo info, String expected) {
    return new ModelException(
        Fault.of("a tensor of the adapter doesn't fit the model")
            .got(Arrays.toString(info.shape()))
            .expected(expected)
            .where("tensor " + info.name())
            .hint(OTHER_MODEL));
  }
}

package dev.nearside.model.load;

import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.model.ModelException;
import dev.nearside.model.layer.BlockRows;
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
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the weights of LoRA adapters from GGUF: the pairs of {@link AdapterPairs}. */
public final class AdapterReader {
  private final TensorFile file;
  private final Kernels kernels;
  private final Arena arena;
  private final AdapterPairs pairs;

  private AdapterReader(TensorFile file, AdapterPairs pairs, Kernels kernels, Arena arena) {
    this.file = file;
    this.pairs = pairs;
    this.kernels = kernels;
    this.arena = arena;
  }

  /**
   * An adapter's weights.
   *
   * @param highestRank of all pairs
   */
  public record Loaded(Deltas deltas, int highestRank) {}

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
    AdapterPairs pairs = AdapterPairs.of(file, architecture);
    pairs.checkAgainst(places, vocab, hidden);
    return new AdapterReader(file, pairs, kernels, arena).read(places, vocab, hidden);
  }

  private Loaded read(List<Place> places, int vocab, int hidden) {
    List<@Nullable LowRank> products =
        new ArrayList<>(Collections.<@Nullable LowRank>nCopies(places.size(), null));
    for (Place place : places) {
      AdapterPairs.Pair pair = pairs.byName().get(place.tensor());
      if (pair != null && !place.tensor().equals(AdapterPairs.EMBEDDING)) {
        products.set(place.id(), product(pair, place));
      }
    }
    AdapterPairs.Pair rows = pairs.byName().get(AdapterPairs.EMBEDDING);
    LowRankEmbedding embedding = rows == null ? null : embedding(rows, vocab, hidden);
    return new Loaded(
        new Deltas(Collections.unmodifiableList(products), embedding), pairs.highestRank());
  }

  private LowRank product(AdapterPairs.Pair pair, Place place) {
    TensorInfo a = pair.a();
    TensorInfo b = pair.b();
    long aFrom = 0;
    long bFrom = 0;
    switch (place.part()) {
      case Place.Whole whole -> {}
      case Place.Rows rows -> bFrom = b.type().bytes((long) rows.first() * pair.rank());
      case Place.Expert expert -> {
        aFrom = a.type().bytes((long) expert.index() * pair.rank() * place.cols());
        bFrom = b.type().bytes((long) expert.index() * place.rows() * pair.rank());
      }
    }
    return new LowRank(
        pack(a, aFrom, pair.rank(), place.cols()),
        pack(b, bFrom, place.rows(), pair.rank()),
        factor(pair.rank()));
  }

  private LowRankEmbedding embedding(AdapterPairs.Pair pair, int vocab, int hidden) {
    BlockRows rows = BlockRows.of(file.data(pair.a()), decoder(pair.a()), pair.rank());
    Embedding a = new Embedding(rows, pair.a().bytes(), vocab, pair.rank());
    PackedWeights b = pack(pair.b(), 0, hidden, pair.rank());
    return new LowRankEmbedding(a, new LowRank(b, b, factor(pair.rank())));
  }

  /** As llama.cpp has it, an alpha of zero, or none, leaves the scale alone. */
  private float factor(int rank) {
    return pairs.alpha() == 0 ? 1f : pairs.alpha() / rank;
  }

  private PackedWeights pack(TensorInfo info, long from, int rows, int cols) {
    long bytes = info.type().bytes((long) rows * cols);
    return kernels.pack(info.type(), file.data(info).asSlice(from, bytes), rows, cols, arena);
  }

  private static QuantFormat decoder(TensorInfo info) {
    return QuantFormats.decoder(info.type()).orElseThrow(() -> AdapterPairs.undecodable(info));
  }
}

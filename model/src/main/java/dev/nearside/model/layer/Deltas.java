package dev.nearside.model.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one adapter adds to its model.
 *
 * @param products by {@link Place#id}; null where the adapter changes nothing
 * @param embedding what is added to embeddings, or null
 */
public record Deltas(List<@Nullable LowRank> products, @Nullable LowRankEmbedding embedding) {
  @Nullable LowRank at(Place place) {
    return products.get(place.id());
  }
}

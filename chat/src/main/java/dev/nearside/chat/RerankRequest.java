package dev.nearside.chat;

import java.util.List;

/**
 * Documents to be judged by how well they answer a query.
 *
 * @param documents in the order of the answer
 * @param isRaw whether the model's own scores are wanted, of any sign and size; else they are
 *     mapped to 0 … 1
 * @param isTruncated whether documents that are too long are cut; else they are an error
 */
public record RerankRequest(
    String query, List<String> documents, boolean isRaw, boolean isTruncated) {
  public RerankRequest {
    documents = List.copyOf(documents);
  }

  /** Scores of 0 … 1. */
  public static RerankRequest of(String query, String... documents) {
    return new RerankRequest(query, List.of(documents), false, false);
  }
}

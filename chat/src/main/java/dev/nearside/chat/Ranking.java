package dev.nearside.chat;

/**
 * Scores of documents.
 *
 * @param scores one per document, in their order; higher is better
 * @param usage tokens that were read
 */
public record Ranking(float[] scores, Usage usage) {}

package dev.nearside.chat;

/**
 * Times of a reply.
 *
 * @param promptNanos from the start of the request until the prompt was computed
 * @param firstTokenNanos from the start of the request until the first token
 * @param decodeNanos from the first token until the last
 */
public record Timings(long promptNanos, long firstTokenNanos, long decodeNanos) {}

package dev.nearside.engine.eval;

/**
 * @param tokens tokens scored
 * @param perplexity {@code e} to the mean negative log-likelihood of those tokens
 */
public record PerplexityResult(int tokens, Estimate perplexity) {}

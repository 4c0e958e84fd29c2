package dev.nearside.chat;

/**
 * Tokens of a reply.
 *
 * @param promptTokens tokens of the prompt, cached ones among them
 * @param cachedTokens prompt tokens whose keys and values were already computed
 * @param completionTokens tokens generated
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens) {}

package dev.nearside.engine;

/**
 * What an engine does and has done, for {@code /metrics} and {@code ps}.
 *
 * @param running sequences that have begun
 * @param waiting sequences that wait for their turn
 * @param preemptions times that a sequence lost its blocks to a more urgent one
 */
public record EngineStats(
    int running, int waiting, Blocks blocks, Tokens tokens, long preemptions) {
  /**
   * Blocks of keys and values, of {@code KvStore.BLOCK} positions each.
   *
   * @param used by running sequences
   * @param kept used by none, but kept for a prompt that starts alike
   * @param total that there may be
   * @param bytes memory that they take now, and those of a draft model
   * @param diskBytes of all blocks that are kept on disk
   */
  public record Blocks(int used, int kept, int total, long bytes, long diskBytes) {}

  /**
   * Tokens since the engine was opened.
   *
   * @param prompt prompt tokens that were computed
   * @param cached prompt tokens that did not have to be
   * @param drafted tokens that were guessed
   * @param accepted guesses that were right
   */
  public record Tokens(long prompt, long cached, long generated, long drafted, long accepted) {}
}

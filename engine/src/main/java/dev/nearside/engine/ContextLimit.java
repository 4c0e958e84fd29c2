package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.engine.cache.KvCache;
import dev.nearside.model.ModelInfo;
import dev.nearside.model.kv.KvStore;

/** How long a context may be when nobody says: what the model was trained for and memory allows. */
final class ContextLimit {
  private static final int SMALLEST = 2048;
  private static final int MEMORY_SHARE = 4;
  private static final int MOST_BLOCKS = 1 << 22;

  private ContextLimit() {}

  /**
   * The context in tokens.
   *
   * @param asked what the user wants; 0 = decide
   * @param memoryBytes memory of the machine
   * @throws ChatException when more is asked than the model was trained for
   */
  static int choose(int asked, ModelInfo model, long memoryBytes) {
    if (asked > model.contextLength()) {
      throw new ChatException(
          Fault.of("the context is longer than the model was trained for")
              .got(asked)
              .expected("at most " + model.contextLength())
              .hint("Use a smaller --ctx."));
    }
    if (asked > 0) {
      return asked;
    }
    long fits = memoryBytes / MEMORY_SHARE / Math.max(1, model.kvBytesPerToken());
    return (int) Math.min(model.contextLength(), Math.max(SMALLEST, fits));
  }

  /**
   * Blocks of keys and values for all sequences.
   *
   * @param context positions of one sequence
   * @param asked whether the user chose the context
   * @param memoryBytes memory of the machine
   * @throws ChatException when the memory that the user allows does not hold the context that the
   *     user wants
   */
  static int blocks(
      int context, boolean asked, ServingOptions serving, ModelInfo model, long memoryBytes) {
    long blockBytes = Math.max(1, model.kvBytesPerToken()) * KvStore.BLOCK;
    int one = KvCache.blocksFor(context);
    long all = (long) one * serving.slots();
    if (serving.kvBytes() == 0) {
      long fits = memoryBytes / MEMORY_SHARE / blockBytes;
      return (int) Math.min(MOST_BLOCKS, Math.max(one, Math.min(all, fits)));
    }
    long blocks = Math.min(Math.min(all, MOST_BLOCKS), serving.kvBytes() / blockBytes);
    if (blocks < (asked ? one : 1)) {
      throw new ChatException(
          Fault.of("the memory for keys and values is too small")
              .got(serving.kvBytes() + " bytes")
              .expected("at least " + (asked ? one : 1) * blockBytes + " for this context")
              .hint("Allow more of it, or use a smaller --ctx."));
    }
    return (int) blocks;
  }
}

package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.model.ModelInfo;

/** How long a context may be when nobody says: what the model was trained for and memory allows. */
final class ContextLimit {
  private static final int SMALLEST = 2048;
  private static final int MEMORY_SHARE = 4;

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
}

package dev.nearside.chat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Models by name: loaded when asked for, let go when nobody does or memory is needed. */
public interface ModelManager {
  /**
   * A lease of the model, which is loaded if need be.
   *
   * @param name as users write it
   * @param keepAlive how long the model stays after the last lease; null = as the manager is set,
   *     zero = not at all, negative = for ever
   * @throws UnknownModelException when there is no such model here
   * @throws ChatException when it does not fit or can't be read
   */
  ModelLease acquire(String name, @Nullable Duration keepAlive) throws InterruptedException;

  /** The models in memory, the most recently used first. */
  List<LoadedModelState> loaded();

  /**
   * Unloads a model as soon as no lease is left.
   *
   * @return whether it was loaded
   */
  boolean unload(String name);
}

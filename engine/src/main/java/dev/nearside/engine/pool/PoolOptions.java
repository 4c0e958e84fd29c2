package dev.nearside.engine.pool;

import java.time.Duration;
import java.util.Set;

/**
 * How a {@link ModelPool} keeps house.
 *
 * @param memoryBytes what all loaded models may take together
 * @param keepAlive how long a model stays when nobody asks for it; negative = for ever
 * @param pinned names that are never unloaded to make room
 */
public record PoolOptions(long memoryBytes, Duration keepAlive, Set<String> pinned) {
  public PoolOptions {
    pinned = Set.copyOf(pinned);
  }
}

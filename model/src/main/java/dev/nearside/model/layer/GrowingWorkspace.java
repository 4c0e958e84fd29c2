package dev.nearside.model.layer;

import dev.nearside.tensor.kernel.Kernels;
import java.lang.foreign.Arena;

/**
 * A {@link Workspace} with room for the largest step so far: one for the largest step there may be
 * takes a hundred megabytes, which a chat of short turns never needs. For one thread at a time.
 */
public final class GrowingWorkspace implements AutoCloseable {
  private static final int LEAST = 64;

  private final Kernels kernels;
  private final Workspace.Shape shape;
  private final int maxTokens;
  private int tokens;
  private Arena arena;
  private Workspace workspace;

  /**
   * @param maxTokens tokens of a step at most
   */
  public GrowingWorkspace(Kernels kernels, int maxTokens, Workspace.Shape shape) {
    this.kernels = kernels;
    this.shape = shape;
    this.maxTokens = maxTokens;
    this.tokens = Math.min(LEAST, maxTokens);
    this.arena = Arena.ofShared(); // the kernels' threads read and write
    this.workspace = Workspace.allocate(kernels, arena, tokens, shape);
  }

  /** Room for a step of so many tokens; what an earlier call gave may be gone. */
  public Workspace of(int wanted) {
    if (wanted > tokens) {
      int more = Math.max(wanted, Math.min(2 * tokens, maxTokens));
      tokens = 0; // there is none until the next one is made
      arena.close();
      arena = Arena.ofShared();
      workspace = Workspace.allocate(kernels, arena, more, shape);
      tokens = more;
    }
    return workspace;
  }

  @Override
  public void close() {
    arena.close();
  }
}

package dev.nearside.model.layer;

import dev.nearside.model.Pace;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.TokenCount;
import dev.nearside.tensor.kernel.TokenRows;

/**
 * What every layer needs of the step that is being computed.
 *
 * @param rows where the tokens stand
 * @param exact tokens in exact numerics, the first ones
 * @param kv keys and values of all layers
 * @param workspace scratch memory
 * @param adapters of the tokens
 * @param pace asked before each block and the output head
 */
public record Step(
    Kernels kernels,
    TokenRows rows,
    int exact,
    KvStore kv,
    Workspace workspace,
    RowAdapters adapters,
    Pace pace) {
  /** A step in exact numerics, without adapters, as fast as can be. */
  public Step(Kernels kernels, TokenRows rows, KvStore kv, Workspace workspace) {
    this(kernels, rows, rows.count(), kv, workspace, RowAdapters.NONE, Pace.FULL);
  }

  public int tokens() {
    return rows.count();
  }

  TokenCount count() {
    return new TokenCount(tokens(), exact);
  }
}

package dev.nearside.model.layer;

import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.TokenRows;

/**
 * What every layer needs of the step that is being computed.
 *
 * @param rows where the tokens stand
 * @param kv keys and values of all layers
 * @param workspace scratch memory
 * @param adapters of the tokens
 */
public record Step(
    Kernels kernels, TokenRows rows, KvStore kv, Workspace workspace, RowAdapters adapters) {
  /** A step without adapters. */
  public Step(Kernels kernels, TokenRows rows, KvStore kv, Workspace workspace) {
    this(kernels, rows, kv, workspace, RowAdapters.NONE);
  }

  public int tokens() {
    return rows.count();
  }
}

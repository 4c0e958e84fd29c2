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
 */
public record Step(Kernels kernels, TokenRows rows, KvStore kv, Workspace workspace) {
  public int tokens() {
    return rows.count();
  }
}

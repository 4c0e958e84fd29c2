package dev.nearside.model;

import dev.nearside.tensor.kernel.TokenRows;

/**
 * The tokens of one step.
 *
 * @param ids token ids, {@code rows.count()} of them
 * @param rows where each token stands
 * @param logitRows the tokens (by index in this batch, ascending) whose logits are wanted
 */
public record Batch(int[] ids, TokenRows rows, int[] logitRows) {
  public int size() {
    return rows.count();
  }
}

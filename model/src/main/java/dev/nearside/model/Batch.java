package dev.nearside.model;

import dev.nearside.tensor.kernel.TokenRows;
import java.util.List;

/**
 * The tokens of one step. Token {@code t} stands at {@code positions[t]} of the sequence whose
 * blocks are {@code blockTables[tables[t]]}; tokens of one sequence stand next to each other in
 * ascending order.
 *
 * @param ids token ids
 * @param positions absolute position per token
 * @param tables index into {@code blockTables} per token
 * @param blockTables block numbers per sequence: position {@code p} lives in block {@code table[p /
 *     KvStore.BLOCK]}
 * @param logitRows the tokens (by index in this batch, ascending) whose logits are wanted
 * @param exact tokens in exact numerics, the first ones; the others are of prompts, and may be
 *     computed in fast numerics
 * @param adapters of each sequence, in the order of {@code blockTables}; empty = of none
 */
public record Batch(
    int[] ids,
    int[] positions,
    int[] tables,
    int[][] blockTables,
    int[] logitRows,
    int exact,
    List<List<ScaledAdapter>> adapters) {
  public Batch {
    adapters = List.copyOf(adapters);
  }

  /** A batch in exact numerics, without adapters. */
  public Batch(int[] ids, int[] positions, int[] tables, int[][] blockTables, int[] logitRows) {
    this(ids, positions, tables, blockTables, logitRows, ids.length, List.of());
  }

  public int size() {
    return ids.length;
  }

  TokenRows rows() {
    return new TokenRows(ids.length, positions, tables, blockTables);
  }
}

package dev.nearside.tensor.kernel;

/**
 * Where the tokens of a batch stand: token {@code t} is at position {@code positions[t]} of the
 * sequence whose blocks are {@code blockTables[tables[t]]}; position {@code p} lives in block
 * {@code table[p / BLOCK]}, slot {@code p % BLOCK}. Tokens of one sequence stand in ascending order
 * next to each other.
 *
 * @param count tokens in the batch; the arrays may be longer
 * @param positions absolute position per token
 * @param tables index into {@code blockTables} per token
 * @param blockTables block numbers per sequence
 */
public record TokenRows(int count, int[] positions, int[] tables, int[][] blockTables) {
  /** The block of a token. */
  public int block(int token) {
    return blockTables[tables[token]][positions[token] / KvLayer.BLOCK];
  }

  /** A token's place in its block. */
  public int slot(int token) {
    return positions[token] % KvLayer.BLOCK;
  }
}

package dev.nearside.engine.schedule;

import dev.nearside.model.Batch;
import dev.nearside.model.ScaledAdapter;
import java.util.List;

/**
 * What one step computes.
 *
 * @param pieces which tokens of which sequences
 */
record Plan(List<Piece> pieces) {
  /**
   * Some pending tokens of a sequence.
   *
   * @param count tokens, from the sequence's first pending one
   */
  record Piece(Sequence sequence, int count) {
    /** Whether the step leaves nothing pending, so that a token can be sampled. */
    boolean isComplete() {
      return count == sequence.pending();
    }
  }

  Plan {
    pieces = List.copyOf(pieces);
  }

  /** Tokens of the step. */
  int tokens() {
    return pieces.stream().mapToInt(Piece::count).sum();
  }

  /**
   * The tokens as the model takes them; logits are wanted for the last token of complete pieces.
   */
  Batch toBatch() {
    int total = tokens();
    int[] ids = new int[total];
    int[] positions = new int[total];
    int[] tables = new int[total];
    int[][] blocks = new int[pieces.size()][];
    int[] logitRows = new int[(int) pieces.stream().filter(Piece::isComplete).count()];
    int at = 0;
    int logit = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Sequence s = pieces.get(i).sequence;
      blocks[i] = s.table().blocks();
      for (int j = 0; j < pieces.get(i).count; j++) {
        positions[at] = s.computed() + j;
        ids[at] = s.at(s.computed() + j);
        tables[at++] = i;
      }
      if (pieces.get(i).isComplete()) {
        logitRows[logit++] = at - 1;
      }
    }
    return new Batch(ids, positions, tables, blocks, logitRows, adapters());
  }

  private List<List<ScaledAdapter>> adapters() {
    List<List<ScaledAdapter>> out =
        pieces.stream().map(piece -> piece.sequence.task().lease().adapters()).toList();
    return out.stream().allMatch(List::isEmpty) ? List.of() : out;
  }
}

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
   * @param drafts guesses of what follows; only when nothing stays pending
   */
  record Piece(Sequence sequence, int count, int[] drafts) {
    private static final int[] NONE = new int[0];

    Piece(Sequence sequence, int count) {
      this(sequence, count, NONE);
    }

    /** Whether the step leaves nothing pending, so that a token can be sampled. */
    boolean isComplete() {
      return count == sequence.pending();
    }

    /** Tokens to compute. */
    int size() {
      return count + drafts.length;
    }

    /** Rows of logits: one for each token that may be sampled. */
    int logitRows() {
      return isComplete() ? 1 + drafts.length : 0;
    }

    Piece withoutDrafts() {
      return new Piece(sequence, count);
    }
  }

  Plan {
    pieces = List.copyOf(pieces);
  }

  /** Tokens of the step. */
  int tokens() {
    return pieces.stream().mapToInt(Piece::size).sum();
  }

  /** Whether it computes what one sequence is sure of, and nothing else. */
  boolean isAlone() {
    return pieces.size() == 1 && pieces.getFirst().drafts.length == 0;
  }

  /** Whether it computes no prompt. */
  boolean isDecode() {
    return pieces.stream().allMatch(piece -> piece.count == 1);
  }

  /**
   * The tokens as the model takes them; logits are wanted for the last token of complete pieces and
   * for their drafts.
   */
  Batch toBatch() {
    int total = tokens();
    int[] ids = new int[total];
    int[] positions = new int[total];
    int[] tables = new int[total];
    int[][] blocks = new int[pieces.size()][];
    int[] logitRows = new int[pieces.stream().mapToInt(Piece::logitRows).sum()];
    int at = 0;
    int logit = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      Sequence s = piece.sequence;
      blocks[i] = s.table().blocks();
      for (int j = 0; j < piece.size(); j++) {
        positions[at] = s.computed() + j;
        ids[at] = j < piece.count ? s.at(s.computed() + j) : piece.drafts[j - piece.count];
        tables[at++] = i;
      }
      for (int row = piece.logitRows(); row > 0; row--) {
        logitRows[logit++] = at - row;
      }
    }
    return new Batch(ids, positions, tables, blocks, logitRows, total, adapters());
  }

  private List<List<ScaledAdapter>> adapters() {
    List<List<ScaledAdapter>> out =
        pieces.stream().map(piece -> piece.sequence.task().lease().adapters()).toList();
    return out.stream().allMatch(List::isEmpty) ? List.of() : out;
  }
}

package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;
import java.lang.foreign.Arena;

/**
 * Scratch memory of one encoder. Attention looks at a whole text, so its buffers are as long as the
 * texts and grow with them; everything else works on pieces of {@link #piece} tokens.
 */
public final class EncoderWorkspace implements AutoCloseable {
  private final Shape shape;
  private final int piece;
  private final Floats normed;
  private final Floats branch;
  private final Floats up;
  private final Floats gate;
  private final Activations input;
  private Arena arena = Arena.ofShared();
  private int tokens;
  private Floats hidden;
  private Floats q;
  private Floats k;
  private Floats v;
  private Floats attended;

  /**
   * The widths to make room for.
   *
   * @param attention width of queries, keys and values
   */
  public record Shape(int hidden, int attention, int ffn) {}

  /**
   * @param fixed owns what does not grow
   * @param piece tokens of a piece
   */
  public EncoderWorkspace(Kernels kernels, Arena fixed, int piece, Shape shape) {
    this.shape = shape;
    this.piece = piece;
    normed = Floats.allocate(fixed, (long) piece * shape.hidden);
    branch = Floats.allocate(fixed, (long) piece * shape.hidden);
    up = Floats.allocate(fixed, (long) piece * shape.ffn);
    gate = Floats.allocate(fixed, (long) piece * shape.ffn);
    int widest = Math.max(Math.max(shape.hidden, shape.attention), shape.ffn);
    input = kernels.newActivations(piece, widest, fixed);
    hidden = Floats.allocate(arena, 1);
    q = hidden;
    k = hidden;
    v = hidden;
    attended = hidden;
  }

  /** Makes room for so many tokens; what was in it is lost. */
  public void ensure(int wanted) {
    if (wanted <= tokens) {
      return;
    }
    arena.close();
    arena = Arena.ofShared();
    tokens = 0; // until all is there
    hidden = Floats.allocate(arena, (long) wanted * shape.hidden);
    q = Floats.allocate(arena, (long) wanted * shape.attention);
    k = Floats.allocate(arena, (long) wanted * shape.attention);
    v = Floats.allocate(arena, (long) wanted * shape.attention);
    attended = Floats.allocate(arena, (long) wanted * shape.attention);
    tokens = wanted;
  }

  /** Tokens of a piece. */
  public int piece() {
    return piece;
  }

  /** {@code (tokens, hidden)}: the residual stream. */
  public Floats hidden() {
    return hidden;
  }

  /** {@code (piece, hidden)}: input of a sub-layer. */
  public Floats normed() {
    return normed;
  }

  /** {@code (piece, hidden)}: output of a sub-layer. */
  public Floats branch() {
    return branch;
  }

  /** {@code (tokens, heads * headDim)}. */
  public Floats q() {
    return q;
  }

  /** {@code (tokens, heads * headDim)}. */
  public Floats k() {
    return k;
  }

  /** {@code (tokens, heads * headDim)}. */
  public Floats v() {
    return v;
  }

  /** {@code (tokens, heads * headDim)}. */
  public Floats attended() {
    return attended;
  }

  /** {@code (piece, ffn)}. */
  public Floats up() {
    return up;
  }

  /** {@code (piece, ffn)}. */
  public Floats gate() {
    return gate;
  }

  /** The input of the next matrix products. */
  public Activations input() {
    return input;
  }

  @Override
  public void close() {
    arena.close();
  }
}

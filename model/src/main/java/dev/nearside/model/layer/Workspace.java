package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;
import java.lang.foreign.Arena;

/**
 * Scratch memory of one model, allocated once; every layer uses the same.
 *
 * @param hidden {@code (maxTokens, hidden)}: the residual stream
 * @param normed {@code (maxTokens, hidden)}: input of a sub-layer
 * @param branch {@code (maxTokens, hidden)}: output of a sub-layer
 * @param q {@code (maxTokens, heads * headDim)}
 * @param k {@code (maxTokens, kvHeads * headDim)}
 * @param v {@code (maxTokens, kvHeads * headDim)}
 * @param attended {@code (maxTokens, heads * headDim)}
 * @param gate {@code (maxTokens, ffn)}
 * @param up {@code (maxTokens, ffn)}
 * @param input the input of the next matrix products
 * @param routed the experts' input, chosen from {@code input}
 * @param expertOut {@code (maxTokens, hidden)}: output of one expert
 * @param router {@code (maxTokens, experts)}: router logits
 */
public record Workspace(
    Floats hidden,
    Floats normed,
    Floats branch,
    Floats q,
    Floats k,
    Floats v,
    Floats attended,
    Floats gate,
    Floats up,
    Activations input,
    Activations routed,
    Floats expertOut,
    Floats router) {

  /**
   * The widths to make room for.
   *
   * @param ffn the widest feed-forward layer
   * @param experts experts per layer, 0 without
   */
  public record Shape(int hidden, int qWidth, int kvWidth, int ffn, int experts) {}

  /** Room for {@code maxTokens} tokens. */
  public static Workspace allocate(Kernels kernels, Arena arena, int maxTokens, Shape shape) {
    int widest = Math.max(Math.max(shape.hidden, shape.qWidth), shape.ffn);
    long n = maxTokens;
    return new Workspace(
        Floats.allocate(arena, n * shape.hidden),
        Floats.allocate(arena, n * shape.hidden),
        Floats.allocate(arena, n * shape.hidden),
        Floats.allocate(arena, n * shape.qWidth),
        Floats.allocate(arena, n * shape.kvWidth),
        Floats.allocate(arena, n * shape.kvWidth),
        Floats.allocate(arena, n * shape.qWidth),
        Floats.allocate(arena, n * shape.ffn),
        Floats.allocate(arena, n * shape.ffn),
        kernels.newActivations(maxTokens, widest, arena),
        kernels.newActivations(shape.experts == 0 ? 1 : maxTokens, widest, arena),
        Floats.allocate(arena, shape.experts == 0 ? 1 : n * shape.hidden),
        Floats.allocate(arena, n * Math.max(shape.experts, 1)));
  }
}

package dev.nearside.model.layer;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole encoder-only transformer: embedding, blocks, and what follows them.
 *
 * @param finalNorm after the last block, or null
 * @param head scores of a pooled state, or null
 */
public record Encoder(
    EncoderEmbedding embedding,
    List<EncoderBlock> blocks,
    @Nullable LayerNorm finalNorm,
    @Nullable ClassificationHead head) {

  public Encoder {
    blocks = List.copyOf(blocks);
  }

  /**
   * Leaves the last states of all tokens in the workspace's {@code hidden}.
   *
   * @param ids token ids of the texts, one text after the other
   * @param segments segment per token
   * @param isCancelled asked before each block
   * @throws CancellationException when it says so
   */
  public void forward(EncoderStep step, int[] ids, int[] segments, BooleanSupplier isCancelled) {
    EncoderWorkspace ws = step.workspace();
    int hidden = embedding.tokens().hidden();
    ws.ensure(step.tokens());
    step.inPieces((from, count) ->
        embedding.lookup(
            step,
            Arrays.copyOfRange(ids, from, from + count),
            Arrays.copyOfRange(step.rows().positions(), from, from + count),
            Arrays.copyOfRange(segments, from, from + count),
            EncoderStep.rows(ws.hidden(), from, count, hidden)));
    for (EncoderBlock block : blocks) {
      if (isCancelled.getAsBoolean()) {
        throw new CancellationException("nobody waits for these texts any more");
      }
      step.pace().begin();
      try {
        block.apply(step);
      } finally {
        step.pace().end();
      }
    }
    if (finalNorm != null) {
      finalNorm.apply(step.kernels(), ws.hidden(), step.tokens(), ws.hidden());
    }
  }

  /** Bytes that the weights take as loaded. */
  public long bytes() {
    long blockBytes = blocks.stream().mapToLong(b -> b.attention().bytes() + b.ffn().bytes()).sum();
    return blockBytes + embedding.tokens().bytes();
  }
}

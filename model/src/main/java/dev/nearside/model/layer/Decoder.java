package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import java.util.List;

/**
 * A whole decoder-only transformer: embedding, blocks, final norm, output head.
 *
 * @param embeddingScale factor on the embeddings
 * @param logitScale factor on the logits
 * @param logitSoftCap {@code cap * tanh(logit / cap)}; 0 = off
 */
public record Decoder(
    Embedding embedding,
    float embeddingScale,
    List<DecoderBlock> blocks,
    RmsNorm finalNorm,
    Linear head,
    float logitScale,
    float logitSoftCap) {

  public Decoder {
    blocks = List.copyOf(blocks);
  }

  /**
   * Computes the tokens of {@code step}.
   *
   * @param ids token ids
   * @param logitRows tokens whose logits are wanted, ascending
   * @param logits {@code (logitRows, vocab)}
   */
  public void forward(Step step, int[] ids, int[] logitRows, Floats logits) {
    run(step, ids);
    if (logitRows.length > 0) {
      step.pace().begin();
      try {
        project(step, logitRows, logits);
      } finally {
        step.pace().end();
      }
    }
  }

  /**
   * Computes the tokens of {@code step} for their last states, which the output head would read.
   *
   * @param ids token ids
   * @param states {@code (tokens, hidden)}
   */
  public void encode(Step step, int[] ids, Floats states) {
    run(step, ids);
    finalNorm.apply(step.kernels(), step.workspace().hidden(), step.tokens(), states);
  }

  private void run(Step step, int[] ids) {
    Workspace ws = step.workspace();
    embedding.lookup(ids, step.tokens(), ws.hidden());
    step.adapters().addToEmbeddings(step.kernels(), ids, ws.hidden());
    if (embeddingScale != 1f) {
      step.kernels().scale(ws.hidden(), embeddingScale, (long) step.tokens() * embedding.hidden());
    }
    for (DecoderBlock block : blocks) {
      step.pace().begin();
      try {
        block.apply(step, ws.hidden());
      } finally {
        step.pace().end();
      }
    }
  }

  private void project(Step step, int[] logitRows, Floats logits) {
    Workspace ws = step.workspace();
    int hidden = embedding.hidden();
    int count = logitRows.length;
    for (int i = 0; i < count; i++) {
      MemoryRows.copy(ws.hidden(), logitRows[i], ws.branch(), i, hidden);
    }
    finalNorm.apply(step.kernels(), ws.branch(), count, ws.normed());
    step.kernels().prepare(ws.normed(), count, hidden, ws.input());
    RowAdapters adapters = step.adapters().of(logitRows, count);
    head.apply(step.kernels(), ws.input(), adapters, logits);
    long total = (long) count * head.rows();
    if (logitScale != 1f) {
      step.kernels().scale(logits, logitScale, total);
    }
    if (logitSoftCap != 0f) {
      step.kernels().softCap(logits, logitSoftCap, total);
    }
  }

  /** Bytes that the weights take as loaded. */
  public long bytes() {
    return head.bytes() + blocks.stream().mapToLong(DecoderBlock::bytes).sum();
  }
}

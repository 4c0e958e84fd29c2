package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/** One block of an encoder, in one of the two wirings. */
public sealed interface EncoderBlock {
  EncoderAttention attention();

  EncoderFeedForward ffn();

  /** Changes the workspace's {@code hidden} into this block's output. */
  void apply(EncoderStep step);

  /** {@code h = n1(h + attention(h)); h = n2(h + ffn(h))}: BERT (Vaswani et al. 2017). */
  record PostNorm(
      EncoderAttention attention,
      LayerNorm attentionNorm,
      EncoderFeedForward ffn,
      LayerNorm outputNorm)
      implements EncoderBlock {
    @Override
    public void apply(EncoderStep step) {
      Kernels kernels = step.kernels();
      EncoderWorkspace ws = step.workspace();
      int hidden = ffn.up().cols();
      attention.attend(step, null);
      step.inPieces((from, count) -> {
        Floats h = EncoderStep.rows(ws.hidden(), from, count, hidden);
        attention.project(step, from, count);
        kernels.add(h, ws.branch(), (long) count * hidden);
        attentionNorm.apply(kernels, h, count, h);
        ffn.apply(step, h, count);
        kernels.add(h, ws.branch(), (long) count * hidden);
        outputNorm.apply(kernels, h, count, h);
      });
    }
  }

  /**
   * {@code h += attention(n1(h)); h += ffn(n2(h))}: ModernBERT.
   *
   * @param attentionNorm null where the input is normalised already: the first block
   */
  record PreNorm(
      @Nullable LayerNorm attentionNorm,
      EncoderAttention attention,
      LayerNorm ffnNorm,
      EncoderFeedForward ffn)
      implements EncoderBlock {
    @Override
    public void apply(EncoderStep step) {
      Kernels kernels = step.kernels();
      EncoderWorkspace ws = step.workspace();
      int hidden = ffn.up().cols();
      attention.attend(step, attentionNorm);
      step.inPieces((from, count) -> {
        Floats h = EncoderStep.rows(ws.hidden(), from, count, hidden);
        attention.project(step, from, count);
        kernels.add(h, ws.branch(), (long) count * hidden);
        ffnNorm.apply(kernels, h, count, ws.normed());
        ffn.apply(step, ws.normed(), count);
        kernels.add(h, ws.branch(), (long) count * hidden);
      });
    }
  }
}

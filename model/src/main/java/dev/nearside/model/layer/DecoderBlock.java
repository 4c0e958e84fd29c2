package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import org.jspecify.annotations.Nullable;

/**
 * One decoder block: {@code h += s * post(attention(norm(h))); h += s * post(ffn(norm(h)))}.
 *
 * @param postAttentionNorm Gemma normalises a sub-layer's output too; null elsewhere
 * @param postFfnNorm likewise
 * @param residualScale Granite and MiniCPM scale what is added; 1 elsewhere
 */
public record DecoderBlock(
    RmsNorm attentionNorm,
    SelfAttention attention,
    @Nullable RmsNorm postAttentionNorm,
    RmsNorm ffnNorm,
    FeedForward ffn,
    @Nullable RmsNorm postFfnNorm,
    float residualScale) {

  /** Adds this block to {@code hidden (tokens, hidden)}. */
  public void apply(Step step, Floats hidden) {
    Workspace ws = step.workspace();
    attentionNorm.apply(step.kernels(), hidden, step.tokens(), ws.normed());
    attention.apply(step, ws.normed(), ws.branch());
    join(step, hidden, postAttentionNorm);
    ffnNorm.apply(step.kernels(), hidden, step.tokens(), ws.normed());
    ffn.apply(step, ws.normed(), ws.branch());
    join(step, hidden, postFfnNorm);
  }

  private void join(Step step, Floats hidden, @Nullable RmsNorm post) {
    Floats branch = step.workspace().branch();
    if (post != null) {
      post.apply(step.kernels(), branch, step.tokens(), branch);
    }
    long count = (long) step.tokens() * ffnNorm.weight().size();
    if (residualScale == 1f) {
      step.kernels().add(hidden, branch, count);
    } else {
      step.kernels().addScaled(hidden, branch, residualScale, count);
    }
  }

  /** Bytes that the weights take as loaded. */
  public long bytes() {
    return attention.bytes() + ffn.bytes();
  }
}

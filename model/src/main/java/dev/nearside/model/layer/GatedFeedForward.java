package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.GatedActivation;

/**
 * {@code down(act(gate(x)) * up(x))} (Shazeer 2020).
 *
 * @param gate {@code (ffn, hidden)}
 * @param up {@code (ffn, hidden)}
 * @param down {@code (hidden, ffn)}
 */
public record GatedFeedForward(Linear gate, Linear up, Linear down, GatedActivation activation)
    implements FeedForward {
  @Override
  public void apply(Step step, Floats x, Floats out) {
    Workspace ws = step.workspace();
    int tokens = step.tokens();
    step.kernels().prepare(x, step.count(), gate.cols(), ws.input());
    gate.apply(step.kernels(), ws.input(), step.adapters(), ws.gate());
    up.apply(step.kernels(), ws.input(), step.adapters(), ws.up());
    step.kernels().gated(activation, ws.gate(), ws.up(), (long) tokens * gate.rows(), ws.gate());
    step.kernels().prepare(ws.gate(), step.count(), down.cols(), ws.input());
    down.apply(step.kernels(), ws.input(), step.adapters(), out);
  }

  @Override
  public long bytes() {
    return gate.bytes() + up.bytes() + down.bytes();
  }
}

package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.Kernels;

/** The second half of an encoder's block. */
public sealed interface EncoderFeedForward {
  /** {@code (ffn, hidden)}. */
  Linear up();

  /** {@code (hidden, ffn)}. */
  Linear down();

  /** {@code branch (count, hidden)} from {@code x (count, hidden)}. */
  void apply(EncoderStep step, Floats x, int count);

  /** Bytes that the weights take as loaded. */
  long bytes();

  /** {@code down(act(up(x)))}: BERT. */
  record Plain(Linear up, Linear down, Activation activation) implements EncoderFeedForward {
    @Override
    public void apply(EncoderStep step, Floats x, int count) {
      Kernels kernels = step.kernels();
      EncoderWorkspace ws = step.workspace();
      kernels.prepare(x, count, up.cols(), ws.input());
      up.apply(kernels, ws.input(), ws.up());
      kernels.encoder().activate(activation, ws.up(), (long) count * up.rows());
      kernels.prepare(ws.up(), count, down.cols(), ws.input());
      down.apply(kernels, ws.input(), ws.branch());
    }

    @Override
    public long bytes() {
      return up.bytes() + down.bytes();
    }
  }

  /** {@code down(act(gate(x)) * up(x))}: nomic-bert, ModernBERT. */
  record Gated(Linear up, Linear gate, Linear down, GatedActivation activation)
      implements EncoderFeedForward {
    @Override
    public void apply(EncoderStep step, Floats x, int count) {
      Kernels kernels = step.kernels();
      EncoderWorkspace ws = step.workspace();
      kernels.prepare(x, count, up.cols(), ws.input());
      up.apply(kernels, ws.input(), ws.up());
      gate.apply(kernels, ws.input(), ws.gate());
      kernels.gated(activation, ws.gate(), ws.up(), (long) count * up.rows(), ws.gate());
      kernels.prepare(ws.gate(), count, down.cols(), ws.input());
      down.apply(kernels, ws.input(), ws.branch());
    }

    @Override
    public long bytes() {
      return up.bytes() + gate.bytes() + down.bytes();
    }
  }
}

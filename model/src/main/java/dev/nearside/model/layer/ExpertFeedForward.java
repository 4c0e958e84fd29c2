package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.TokenCount;
import java.util.List;

/**
 * A mixture of experts: a router picks {@code used} of the experts for each token, and their
 * outputs are summed with its weights, in the order of the experts' numbers.
 *
 * @param router {@code (experts, hidden)}
 * @param experts the experts
 * @param used experts per token
 * @param rule how router logits become weights
 */
public record ExpertFeedForward(
    Linear router, List<Expert> experts, int used, RouterRule rule, GatedActivation activation)
    implements FeedForward {

  /** One expert: shapes as in {@link GatedFeedForward}. */
  public record Expert(Linear gate, Linear up, Linear down) {
    long bytes() {
      return gate.bytes() + up.bytes() + down.bytes();
    }
  }

  /** How router logits become weights. */
  public enum RouterRule {
    /** Softmax over all, keep the best, divide by their sum: Qwen3-MoE, Mixtral. */
    SOFTMAX_THEN_TOP_NORMALISED,
    /** Softmax over all, keep the best. */
    SOFTMAX_THEN_TOP,
    /** Keep the best, softmax over them: gpt-oss. */
    TOP_THEN_SOFTMAX
  }

  public ExpertFeedForward {
    experts = List.copyOf(experts);
  }

  @Override
  public void apply(Step step, Floats x, Floats out) {
    Kernels kernels = step.kernels();
    Workspace ws = step.workspace();
    int tokens = step.tokens();
    int hidden = router.cols();
    kernels.prepare(x, step.count(), hidden, ws.input());
    router.apply(kernels, ws.input(), step.adapters(), ws.router());
    Routing routing = Routing.of(kernels, ws.router(), tokens, experts.size(), used, rule);
    out.segment().asSlice(0, (long) tokens * hidden * Float.BYTES).fill((byte) 0);
    int[] rows = new int[tokens];
    for (int e = 0; e < experts.size(); e++) {
      int count = routing.tokensOf(e, rows);
      if (count > 0) {
        kernels.gather(ws.input(), rows, count, ws.routed());
        run(
            kernels,
            experts.get(e),
            step.count().of(rows, count),
            step.adapters().of(rows, count),
            ws);
        for (int i = 0; i < count; i++) {
          kernels.addScaled(
              out.slice((long) rows[i] * hidden, hidden),
              ws.expertOut().slice((long) i * hidden, hidden),
              routing.weight(rows[i], e),
              hidden);
        }
      }
    }
  }

  private void run(
      Kernels kernels, Expert expert, TokenCount count, RowAdapters adapters, Workspace ws) {
    expert.gate.apply(kernels, ws.routed(), adapters, ws.gate());
    expert.up.apply(kernels, ws.routed(), adapters, ws.up());
    long values = (long) count.all() * expert.gate.rows();
    kernels.gated(activation, ws.gate(), ws.up(), values, ws.gate());
    kernels.prepare(ws.gate(), count, expert.down.cols(), ws.routed());
    expert.down.apply(kernels, ws.routed(), adapters, ws.expertOut());
  }

  @Override
  public long bytes() {
    return router.bytes() + experts.stream().mapToLong(Expert::bytes).sum();
  }
}

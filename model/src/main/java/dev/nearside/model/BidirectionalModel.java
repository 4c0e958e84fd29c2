package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.layer.Encoder;
import dev.nearside.model.layer.EncoderStep;
import dev.nearside.model.layer.EncoderWorkspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** An {@link Encoder} with its memory. */
final class BidirectionalModel implements EncoderModel {
  private final ModelInfo info;
  private final EncoderInfo encoderInfo;
  private final Encoder encoder;
  private final PooledStates pooled;
  private final Compute compute;
  private final EncoderWorkspace workspace;
  private final AutoCloseable resources;

  BidirectionalModel(
      ModelInfo info,
      EncoderInfo encoderInfo,
      Encoder encoder,
      PooledStates pooled,
      Compute compute,
      EncoderWorkspace workspace,
      AutoCloseable resources) {
    this.info = info;
    this.encoderInfo = encoderInfo;
    this.encoder = encoder;
    this.pooled = pooled;
    this.compute = compute;
    this.workspace = workspace;
    this.resources = resources;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public EncoderInfo encoder() {
    return encoderInfo;
  }

  @Override
  public List<float[]> encode(
      List<EncoderInput> inputs, Pooling pooling, BooleanSupplier isCancelled) {
    checkLengths(inputs, encoderInfo.maxTokens());
    int[] lengths = inputs.stream().mapToInt(EncoderInput::length).toArray();
    EncoderStep step = EncoderStep.of(compute.kernels(), lengths, workspace, compute.pace());
    int[] ids = new int[step.tokens()];
    int[] segments = new int[step.tokens()];
    for (int i = 0; i < inputs.size(); i++) {
      EncoderInput input = inputs.get(i);
      System.arraycopy(input.ids(), 0, ids, step.starts()[i], input.length());
      for (int t = input.secondFrom(); t < input.length(); t++) {
        segments[step.starts()[i] + t] = hasSegments() ? 1 : 0;
      }
    }
    compute.beforeStep(step.tokens() * info.parameters());
    encoder.forward(step, ids, segments, isCancelled);
    List<float[]> out = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      int from = step.starts()[i];
      out.add(pooled.pool(compute.kernels(), workspace.hidden(), from, lengths[i], pooling));
    }
    compute.afterStep();
    return out;
  }

  private boolean hasSegments() {
    return encoder.embedding().types() != null && encoder.embedding().types().vocab() > 1;
  }

  static void checkLengths(List<EncoderInput> inputs, int maxTokens) {
    for (EncoderInput input : inputs) {
      if (input.length() > maxTokens) {
        throw new ModelException(
            Fault.of("a text is too long for the model")
                .got(input.length() + " tokens")
                .expected("at most " + maxTokens));
      }
    }
  }

  @Override
  public void close() {
    try {
      workspace.close();
      resources.close();
    } catch (Exception e) {
      throw new ModelException(Fault.of("the model file can't be closed"), e);
    }
  }
}

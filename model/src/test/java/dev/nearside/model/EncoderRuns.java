package dev.nearside.model;

import dev.nearside.format.TensorFile;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Kernels;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Encoders on any kernels, which are closed with them. */
public final class EncoderRuns {
  private EncoderRuns() {}

  /**
   * @param piece tokens that are computed at a time
   */
  public static EncoderModel open(TensorFile file, Kernels kernels, int piece) {
    LoadOptions options = new LoadOptions(0, piece, TensorType.F32);
    EncoderModel model = Encoders.load(file, Compute.of(kernels), options);
    return new EncoderModel() {
      @Override
      public ModelInfo info() {
        return model.info();
      }

      @Override
      public EncoderInfo encoder() {
        return model.encoder();
      }

      @Override
      public List<float[]> encode(
          List<EncoderInput> inputs, Pooling pooling, BooleanSupplier isCancelled) {
        return model.encode(inputs, pooling, isCancelled);
      }

      @Override
      public void close() {
        model.close();
        kernels.close();
      }
    };
  }
}

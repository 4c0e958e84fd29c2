package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.Metadata;
import dev.nearside.model.ModelException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The numbers that describe a decoder, read from GGUF metadata and checked. Keys carry the
 * architecture's name in front ({@code llama.block_count}).
 *
 * <p>Source of names and defaults: llama.cpp, {@code load_hparams} in src/llama-model.cpp.
 */
public final class Hyperparameters {
  private static final int MAX_LAYERS = 4096;
  private static final int MAX_WIDTH = 1 << 20;

  private final Metadata metadata;
  private final String architecture;
  private final int layers;
  private final int hidden;
  private final int contextLength;
  private final int[] heads;
  private final int[] kvHeads;
  private final int headDim;
  private final float normEps;

  /**
   * @throws ModelException when a number is missing or makes no sense
   */
  public Hyperparameters(Metadata metadata) {
    this.metadata = metadata;
    this.architecture = metadata.string("general.architecture");
    this.layers = whole("block_count", 1, MAX_LAYERS);
    this.hidden = whole("embedding_length", 1, MAX_WIDTH);
    this.contextLength = whole("context_length", 1, Integer.MAX_VALUE);
    this.heads =
        perLayer("attention.head_count").orElseThrow(() -> missing("attention.head_count"));
    this.kvHeads = perLayer("attention.head_count_kv").orElse(heads);
    this.headDim = readHeadDim();
    this.normEps =
        (float) real("attention.layer_norm_rms_epsilon", real("attention.layer_norm_epsilon", 1));
    checkHeads();
    if (!(normEps >= 0f && normEps < 1f)) {
      throw invalid("attention.layer_norm_rms_epsilon", normEps, "a number from 0 to 1");
    }
  }

  public Metadata metadata() {
    return metadata;
  }

  /** GGUF's name of the architecture. */
  public String architecture() {
    return architecture;
  }

  public int layers() {
    return layers;
  }

  /** Width of the residual stream. */
  public int hidden() {
    return hidden;
  }

  /** Positions the model was trained for. */
  public int contextLength() {
    return contextLength;
  }

  /** Query heads of a layer. */
  public int heads(int layer) {
    return heads[layer];
  }

  /** Key and value heads of a layer. */
  public int kvHeads(int layer) {
    return kvHeads[layer];
  }

  /** Elements of a head. */
  public int headDim() {
    return headDim;
  }

  public float normEps() {
    return normEps;
  }

  /** Width of a layer's feed-forward part. */
  public int ffn(int layer) {
    return perLayer("feed_forward_length").orElseThrow(() -> missing("feed_forward_length"))[layer];
  }

  /** A metadata key of this architecture. */
  public String key(String suffix) {
    return architecture + "." + suffix;
  }

  /**
   * A required integer in a range.
   *
   * @throws ModelException when it is missing or out of range
   */
  public int whole(String suffix, int low, int high) {
    return optional(suffix, low, high).orElseThrow(() -> missing(suffix));
  }

  /** An optional integer in a range. */
  public Optional<Integer> optional(String suffix, int low, int high) {
    return metadata.findInt32(key(suffix)).map(value -> within(suffix, value, low, high));
  }

  /** A finite number, or {@code fallback} when the key is absent. */
  public double real(String suffix, double fallback) {
    OptionalDouble found = metadata.findReal(key(suffix));
    double value = found.orElse(fallback);
    if (!Double.isFinite(value)) {
      throw invalid(suffix, value, "a finite number");
    }
    return value;
  }

  private Optional<int[]> perLayer(String suffix) {
    Optional<int[]> values = metadata.findPerLayer(key(suffix), layers);
    values.ifPresent(all -> Arrays.stream(all).forEach(v -> within(suffix, v, 1, MAX_WIDTH)));
    return values;
  }

  private int readHeadDim() {
    Optional<Integer> length = optional("attention.key_length", 1, MAX_WIDTH);
    Optional<Integer> valueLength = optional("attention.value_length", 1, MAX_WIDTH);
    if (length.isEmpty() && hidden % heads[0] != 0) {
      throw invalid("embedding_length", hidden, "a multiple of the " + heads[0] + " heads");
    }
    int dim = length.orElse(hidden / heads[0]);
    if (valueLength.isPresent() && valueLength.get() != dim) {
      throw invalid("attention.value_length", valueLength.get(), "the key length, " + dim);
    }
    return dim;
  }

  private void checkHeads() {
    for (int i = 0; i < layers; i++) {
      if (heads[i] % kvHeads[i] != 0) {
        throw invalid("attention.head_count_kv", kvHeads[i], "a divisor of " + heads[i] + " heads");
      }
    }
  }

  private int within(String suffix, int value, int low, int high) {
    if (value < low || value > high) {
      throw invalid(suffix, value, low + " to " + high);
    }
    return value;
  }

  private ModelException missing(String suffix) {
    return new ModelException(
        Fault.of("metadata key is missing").expected(key(suffix)).where("metadata"));
  }

  /** An error about the value of a key. */
  public ModelException invalid(String suffix, Object got, String expected) {
    return new ModelException(
        Fault.of("metadata value makes no sense")
            .got(got)
            .expected(expected)
            .where("metadata key " + key(suffix)));
  }
}

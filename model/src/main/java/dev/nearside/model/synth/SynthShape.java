package dev.nearside.model.synth;

import dev.nearside.format.MetaValue;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shape of a model.
 *
 * @param name as users write it
 * @param architecture GGUF's name
 * @param size how large it is
 * @param vocabSize tokens
 * @param contextLength positions it was trained for
 * @param isTied whether the embedding is the output head
 * @param ropeBase base of the rotations
 * @param normEps added under the norms' root
 * @param keys what else the architecture reads, without its prefix
 */
public record SynthShape(
    String name,
    String architecture,
    Size size,
    int vocabSize,
    int contextLength,
    boolean isTied,
    double ropeBase,
    double normEps,
    Map<String, MetaValue> keys) {

  /**
   * @param ffn width of the feed-forward part, of one expert where there are experts
   * @param experts experts per layer; 0 = none
   * @param usedExperts experts that a token goes through
   */
  public record Size(
      int layers,
      int hidden,
      int ffn,
      int heads,
      int kvHeads,
      int headDim,
      int experts,
      int usedExperts) {

    static Size dense(int layers, int hidden, int ffn, int heads, int kvHeads, int headDim) {
      return new Size(layers, hidden, ffn, heads, kvHeads, headDim, 0, 0);
    }

    Size experts(int count, int used) {
      return new Size(layers, hidden, ffn, heads, kvHeads, headDim, count, used);
    }
  }

  public SynthShape {
    keys = Map.copyOf(keys);
  }

  /** A shape whose head is the embedding, with a rope base of 10,000. */
  static SynthShape of(String name, String architecture, Size size, int vocab, int context) {
    return new SynthShape(name, architecture, size, vocab, context, true, 1e4, 1e-5, Map.of());
  }

  SynthShape untied() {
    return new SynthShape(
        name, architecture, size, vocabSize, contextLength, false, ropeBase, normEps, keys);
  }

  SynthShape rope(double base) {
    return new SynthShape(
        name, architecture, size, vocabSize, contextLength, isTied, base, normEps, keys);
  }

  SynthShape eps(double value) {
    return new SynthShape(
        name, architecture, size, vocabSize, contextLength, isTied, ropeBase, value, keys);
  }

  SynthShape key(String key, MetaValue value) {
    Map<String, MetaValue> more = new LinkedHashMap<>(keys);
    more.put(key, value);
    return new SynthShape(
        name, architecture, size, vocabSize, contextLength, isTied, ropeBase, normEps, more);
  }

  SynthShape real(String key, double value) {
    return key(key, MetaValue.float32((float) value));
  }

  SynthShape whole(String key, int value) {
    return key(key, MetaValue.uint32(value));
  }
}

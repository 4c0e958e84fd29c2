package dev.nearside.model.golden;

import dev.nearside.model.layer.Decoder;
import dev.nearside.model.layer.DecoderBlock;
import dev.nearside.model.layer.ExpertFeedForward;
import dev.nearside.model.layer.ExpertFeedForward.RouterRule;
import dev.nearside.model.layer.FeedForward;
import dev.nearside.model.layer.SelfAttention;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Wrong models: a part of the forward pass left out or exchanged. */
final class Structural {
  private Structural() {}

  /** The change with this name; empty when it can't be made on a decoder. */
  static Optional<UnaryOperator<Decoder>> named(String name) {
    return switch (name) {
      case "no-qk-norm" -> Optional.of(d -> blocks(d, Structural::withoutHeadNorms));
      case "no-post-norms" -> Optional.of(d -> blocks(d, Structural::withoutPostNorms));
      case "no-embedding-scale" -> Optional.of(Structural::withoutEmbeddingScale);
      case "router-softmax-first" -> Optional.of(d -> blocks(d, Structural::softmaxFirst));
      default -> Optional.empty();
    };
  }

  private static Decoder blocks(Decoder d, UnaryOperator<DecoderBlock> change) {
    return new Decoder(
        d.embedding(),
        d.embeddingScale(),
        d.blocks().stream().map(change).toList(),
        d.finalNorm(),
        d.head(),
        d.logitScale(),
        d.logitSoftCap());
  }

  private static Decoder withoutEmbeddingScale(Decoder d) {
    return new Decoder(
        d.embedding(), 1f, d.blocks(), d.finalNorm(), d.head(), d.logitScale(), d.logitSoftCap());
  }

  private static DecoderBlock withoutHeadNorms(DecoderBlock b) {
    SelfAttention a = b.attention();
    return new DecoderBlock(
        b.attentionNorm(),
        new SelfAttention(a.layer(), a.spec(), a.projections(), null, a.rope()),
        b.postAttentionNorm(),
        b.ffnNorm(),
        b.ffn(),
        b.postFfnNorm(),
        b.residualScale());
  }

  private static DecoderBlock withoutPostNorms(DecoderBlock b) {
    return new DecoderBlock(
        b.attentionNorm(), b.attention(), null, b.ffnNorm(), b.ffn(), null, b.residualScale());
  }

  private static DecoderBlock softmaxFirst(DecoderBlock b) {
    FeedForward ffn = b.ffn();
    if (ffn instanceof ExpertFeedForward e) {
      ffn =
          new ExpertFeedForward(
              e.router(), e.experts(), e.used(), RouterRule.SOFTMAX_THEN_TOP, e.activation());
    }
    return new DecoderBlock(
        b.attentionNorm(),
        b.attention(),
        b.postAttentionNorm(),
        b.ffnNorm(),
        ffn,
        b.postFfnNorm(),
        b.residualScale());
  }
}

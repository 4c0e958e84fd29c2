package dev.nearside.model.arch;

import dev.nearside.model.layer.Encoder;
import dev.nearside.model.layer.EncoderBlock;
import dev.nearside.model.layer.EncoderEmbedding;
import dev.nearside.model.load.Hyperparameters;
import dev.nearside.model.load.Weights;
import dev.nearside.tensor.kernel.Activation;
import java.util.stream.IntStream;

/**
 * BERT, RoBERTa, XLM-RoBERTa, CamemBERT, DistilBERT, and the embedding models and cross-encoders
 * built on them: all-MiniLM, bge, gte, e5, text2vec, bge-m3, bge-reranker.
 *
 * <p>A norm after each half of a block, biases everywhere, learnt positions. RoBERTa's positions
 * begin at the padding token's id plus one; GGUF files have those rows cut off, and so have folders
 * here.
 *
 * <p>References: transformers, models/bert/modeling_bert.py, models/roberta/modeling_roberta.py;
 * llama.cpp, src/models/bert.cpp (which has gelu in its tanh form).
 */
final class Bert implements EncoderArchitecture {
  @Override
  public Encoder build(Hyperparameters h, Weights w) {
    EncoderParts p = EncoderParts.of(h, w);
    return new Encoder(
        new EncoderEmbedding(
            w.embedding(h.hidden()),
            w.table("position_embd", h.contextLength(), h.hidden()),
            p.segments(),
            p.norm("token_embd_norm")),
        IntStream.range(0, h.layers())
            .<EncoderBlock>mapToObj(i ->
                new EncoderBlock.PostNorm(
                    p.attention(i, 0, null),
                    p.norm(i, "attn_output_norm"),
                    p.plain(i),
                    p.norm(i, "layer_output_norm")))
            .toList(),
        null,
        p.head(Activation.TANH));
  }
}

package dev.nearside.serve.fake;

import dev.nearside.chat.EmbeddingBackend;
import dev.nearside.chat.EmbeddingInput;
import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.Embeddings;
import dev.nearside.chat.Ranking;
import dev.nearside.chat.RerankBackend;
import dev.nearside.chat.RerankRequest;
import dev.nearside.chat.Usage;
import java.util.List;

/** A vector is a text's length and a half; a document is as good as it is long. */
final class FakeReader implements EmbeddingBackend, RerankBackend {
  @Override
  public Embeddings embed(EmbeddingRequest request) {
    List<float[]> vectors =
        request.inputs().stream()
            .map(input -> new float[] {length(input) + request.prefix().length(), 0.5f})
            .toList();
    return new Embeddings(vectors, 2, new Usage(vectors.size(), 0, 0));
  }

  private static int length(EmbeddingInput input) {
    return switch (input) {
      case EmbeddingInput.Text(String text) -> text.length();
      case EmbeddingInput.Tokens(int[] ids) -> ids.length;
    };
  }

  @Override
  public Ranking rerank(RerankRequest request) {
    float[] scores = new float[request.documents().size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = request.documents().get(i).length() / (request.isRaw() ? 1f : 100f);
    }
    return new Ranking(scores, new Usage(scores.length, 0, 0));
  }
}

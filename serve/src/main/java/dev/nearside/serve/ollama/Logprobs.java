package dev.nearside.serve.ollama;

import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.http.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log-probabilities as Ollama writes them. */
final class Logprobs {
  private Logprobs() {}

  static ArrayNode of(List<TokenLogprob> tokens) {
    ArrayNode out = Json.array();
    for (TokenLogprob token : tokens) {
      ObjectNode node = one(token);
      if (!token.top().isEmpty()) {
        ArrayNode top = node.putArray("top_logprobs");
        token.top().forEach(t -> top.add(one(t)));
      }
      out.add(node);
    }
    return out;
  }

  private static ObjectNode one(TokenLogprob token) {
    ObjectNode node =
        Json.object()
            .put("token", token.text())
            .put("logprob", Math.max(-9999, token.logprob())); // -Infinity is no JSON
    ArrayNode bytes = node.putArray("bytes");
    for (byte b : token.bytes()) {
      bytes.add(b & 0xFF);
    }
    return node;
  }
}

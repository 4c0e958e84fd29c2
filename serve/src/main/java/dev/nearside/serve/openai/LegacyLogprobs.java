package dev.nearside.serve.openai;

import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.http.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log-probabilities as the legacy completions have them: four lists of one length. */
final class LegacyLogprobs {
  private static final double FLOOR = -9999; // -Infinity is no JSON

  private int offset; // characters of the text so far

  /**
   * @param tokens that follow those of the calls before
   */
  ObjectNode next(List<TokenLogprob> tokens) {
    ObjectNode out = Json.object();
    ArrayNode texts = out.putArray("tokens");
    ArrayNode values = out.putArray("token_logprobs");
    ArrayNode tops = out.putArray("top_logprobs");
    ArrayNode offsets = out.putArray("text_offset");
    for (TokenLogprob token : tokens) {
      texts.add(token.text());
      values.add(Math.max(FLOOR, token.logprob()));
      ObjectNode top = tops.addObject();
      token.top().forEach(t -> top.put(t.text(), Math.max(FLOOR, t.logprob())));
      top.put(token.text(), Math.max(FLOOR, token.logprob()));
      offsets.add(offset);
      offset += token.text().length();
    }
    return out;
  }
}

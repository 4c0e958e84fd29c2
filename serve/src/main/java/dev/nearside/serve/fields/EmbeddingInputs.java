package dev.nearside.serve.fields;

import dev.nearside.chat.EmbeddingInput;
import dev.nearside.serve.http.Fields;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Texts to embed: a text, token ids, or several of either. */
public final class EmbeddingInputs {
  private static final int MAX_INPUTS = 2048;

  private EmbeddingInputs() {}

  /** The texts of a field that must be there. */
  public static List<EmbeddingInput> read(Fields f, String key) {
    JsonNode node = f.need(key);
    boolean isIds =
        node.isArray() && !node.isEmpty() && node.values().stream().allMatch(JsonNode::isNumber);
    if (node.isString() || isIds) {
      return List.of(input(f, key, node));
    }
    if (!node.isArray() || node.isEmpty() || node.size() > MAX_INPUTS) {
      throw f.wrong(
          key, "must be a text, token ids, or an array of 1 to " + MAX_INPUTS + " of either");
    }
    return node.values().stream().map(member -> input(f, key, member)).toList();
  }

  /** Texts alone: one, several, or none at all. */
  public static List<EmbeddingInput> texts(Fields f, String key) {
    JsonNode node = f.find(key);
    if (node != null && node.size() > MAX_INPUTS) {
      throw f.wrong(key, "must not hold more than " + MAX_INPUTS + " texts");
    }
    return f.texts(key).stream().<EmbeddingInput>map(EmbeddingInput.Text::new).toList();
  }

  private static EmbeddingInput input(Fields f, String key, JsonNode node) {
    if (node.isString()) {
      return new EmbeddingInput.Text(node.stringValue());
    }
    int[] ids = TokenIds.read(node);
    if (ids == null || ids.length == 0) {
      throw f.wrong(key, "must be a text, token ids, or an array of either");
    }
    return new EmbeddingInput.Tokens(ids);
  }
}

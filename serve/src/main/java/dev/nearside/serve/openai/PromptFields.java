package dev.nearside.serve.openai;

import dev.nearside.chat.Prompt;
import dev.nearside.serve.fields.TokenIds;
import dev.nearside.serve.http.Fields;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A prompt, or several: a string, token ids, or an array of either. The names of special tokens in
 * a string stand for these tokens, as with llama.cpp's server: who completes a text by hand writes
 * a chat's markers by hand.
 */
final class PromptFields {
  private PromptFields() {}

  static List<Prompt> read(Fields f) {
    JsonNode node = f.need("prompt");
    List<Prompt> prompts = several(f, node);
    Optional<String> suffix = f.text("suffix").filter(s -> !s.isEmpty());
    return suffix.isEmpty() ? prompts : prompts.stream().map(p -> gap(f, p, suffix.get())).toList();
  }

  private static List<Prompt> several(Fields f, JsonNode node) {
    if (!node.isArray()) {
      return List.of(one(f, node));
    }
    if (node.isEmpty()) {
      throw f.wrong("prompt", "must not be empty");
    }
    boolean isIds = node.values().stream().allMatch(JsonNode::isNumber);
    return isIds
        ? List.of(one(f, node))
        : node.values().stream().map(member -> one(f, member)).toList();
  }

  private static Prompt one(Fields f, JsonNode node) {
    if (node.isString()) {
      return new Prompt.Text(node.stringValue(), true);
    }
    int[] ids = TokenIds.read(node);
    if (ids == null || ids.length == 0) {
      throw f.wrong(
          "prompt", "must be a string, an array of token ids, or an array of strings or of these");
    }
    return new Prompt.Ids(ids);
  }

  private static Prompt gap(Fields f, Prompt prompt, String suffix) {
    if (prompt instanceof Prompt.Text(String text, boolean parseSpecial)) {
      return new Prompt.Infill(text, suffix);
    }
    throw f.wrong("suffix", "needs a prompt of text, not of token ids");
  }
}

package dev.nearside.chat;

import java.util.List;

/** What a reply must look like. */
public sealed interface OutputFormat {
  /** Any text. */
  Text TEXT = new Text();

  /** Any text. */
  record Text() implements OutputFormat {}

  /** Any JSON object. */
  record JsonObject() implements OutputFormat {}

  /**
   * A JSON document.
   *
   * @param schema a JSON Schema (draft 2020-12) as plain maps, lists, strings, numbers and booleans
   *     in the order in which they were written
   */
  record JsonSchema(Object schema) implements OutputFormat {}

  /** A text of a grammar in llama.cpp's GBNF. */
  record Gbnf(String grammar) implements OutputFormat {}

  /** A text that matches a regular expression as a whole. */
  record Regex(String pattern) implements OutputFormat {}

  /** One of these texts. */
  record Choice(List<String> texts) implements OutputFormat {
    public Choice {
      texts = List.copyOf(texts);
    }
  }
}

package dev.nearside.engine.sample;

import dev.nearside.chat.OutputFormat;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.GrammarCache;
import dev.nearside.grammar.TokenGrammar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From what a reply must look like to the grammar of a reply that is nothing else. */
public final class FormatGrammars {
  private FormatGrammars() {}

  /**
   * The grammar of {@code format}; null for plain text.
   *
   * @throws dev.nearside.grammar.GrammarException when the format can't be honoured
   */
  public static @Nullable TokenGrammar of(OutputFormat format, GrammarCache cache) {
    return switch (format) {
      case OutputFormat.Text text -> null;
      case OutputFormat.JsonObject object -> cache.anyJsonObject();
      case OutputFormat.JsonSchema(Object schema) -> cache.jsonSchema(Grammar.schemaText(schema));
      case OutputFormat.Gbnf(String grammar) -> cache.gbnf(grammar);
      case OutputFormat.Regex(String pattern) -> cache.regex(pattern);
      case OutputFormat.Choice(List<String> texts) -> cache.choices(texts);
    };
  }
}

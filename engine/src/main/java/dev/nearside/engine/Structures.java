package dev.nearside.engine;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.OutputFormat;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.GrammarCache;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.TokenGrammar;
import dev.nearside.grammar.TokenVocabulary;
import dev.nearside.tokenizer.Tokenizer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The grammars that replies of one model must follow. What they need of the vocabulary is computed
 * when the first is asked for.
 */
final class Structures {
  private static final int KEPT = 64;
  private static final String FORMAT = "format";

  private final Tokenizer tokenizer;
  private @Nullable GrammarCache cache;

  Structures(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * The grammar of an output format; null for plain text.
   *
   * @param thoughtsEnd what ends the thoughts that the reply begins with; null = it begins with the
   *     answer
   * @throws ChatException when the format can't be honoured
   */
  @Nullable TokenGrammar of(OutputFormat format, @Nullable String thoughtsEnd) {
    if (format instanceof OutputFormat.Text) {
      return null;
    }
    try {
      return thoughtsEnd == null ? alone(format) : afterThoughts(format, thoughtsEnd);
    } catch (GrammarException e) {
      throw new ChatException(e.fault(), e);
    }
  }

  /** The grammar for {@code key}, made if it is not known. */
  TokenGrammar get(String key, Consumer<Grammar.Builder> rules, String root) {
    try {
      return cache().get(key, () -> built(rules, root));
    } catch (GrammarException e) {
      throw new ChatException(e.fault(), e);
    }
  }

  private static Grammar built(Consumer<Grammar.Builder> rules, String root) {
    Grammar.Builder builder = Grammar.builder();
    rules.accept(builder);
    return builder.build(root);
  }

  private synchronized GrammarCache cache() {
    if (cache == null) {
      cache = new GrammarCache(TokenVocabulary.of(tokenizer), KEPT);
    }
    return cache;
  }

  private @Nullable TokenGrammar alone(OutputFormat format) {
    return switch (format) {
      case OutputFormat.Text text -> null;
      case OutputFormat.JsonObject object -> cache().anyJsonObject();
      case OutputFormat.JsonSchema(Object schema) -> cache().jsonSchema(Grammar.schemaText(schema));
      case OutputFormat.Gbnf(String grammar) -> cache().gbnf(grammar);
      case OutputFormat.Regex(String pattern) -> cache().regex(pattern);
      case OutputFormat.Choice(List<String> texts) -> cache().choices(texts);
    };
  }

  private TokenGrammar afterThoughts(OutputFormat format, String thoughtsEnd) {
    return cache()
        .get("after " + thoughtsEnd + " " + format, () -> thoughtsFirst(format, thoughtsEnd));
  }

  private static Grammar thoughtsFirst(OutputFormat format, String thoughtsEnd) {
    Grammar.Builder builder = Grammar.builder();
    switch (format) {
      case OutputFormat.Text text -> builder.rule(FORMAT, Expr.anyText());
      case OutputFormat.JsonObject object -> builder.jsonObject(FORMAT);
      case OutputFormat.JsonSchema(Object schema) ->
          builder.schema(FORMAT, Grammar.schemaText(schema));
      case OutputFormat.Gbnf(String grammar) -> builder.gbnf(FORMAT, grammar);
      case OutputFormat.Regex(String pattern) -> builder.rule(FORMAT, Expr.regex(pattern));
      case OutputFormat.Choice(List<String> texts) -> builder.rule(FORMAT, Expr.choice(texts));
    }
    return builder
        .rule(
            "reply",
            Expr.sequence(
                Expr.textUntil(List.of(thoughtsEnd)),
                Expr.repeat(Expr.choice(List.of("\n", " ")), 0, 4),
                Expr.rule(FORMAT)))
        .build("reply");
  }
}

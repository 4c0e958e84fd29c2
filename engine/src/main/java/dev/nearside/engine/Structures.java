package dev.nearside.engine;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.OutputFormat;
import dev.nearside.engine.parse.constrain.CallGrammar;
import dev.nearside.engine.prompt.ChatTemplate;
import dev.nearside.engine.sample.FormatGrammars;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.GrammarCache;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.TokenGrammar;
import dev.nearside.grammar.TokenVocabulary;
import dev.nearside.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The grammars that replies of one model must follow. What they need of the vocabulary is computed
 * when the first is asked for.
 */
final class Structures {
  private static final int KEPT = 64;
  private static final String FORMAT = CallGrammar.FORMAT;

  private final Tokenizer tokenizer;
  private @Nullable GrammarCache cache;

  Structures(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * The grammar of a completion; null for plain text.
   *
   * @throws ChatException when the format can't be honoured
   */
  @Nullable TokenGrammar of(OutputFormat format) {
    try {
      return format instanceof OutputFormat.Text ? null : FormatGrammars.of(format, cache());
    } catch (GrammarException e) {
      throw new ChatException(e.fault(), e);
    }
  }

  /**
   * The grammar of a reply in a chat; null when anything goes.
   *
   * @throws ChatException when format or tools can't be honoured
   */
  @Nullable TokenGrammar of(
      ChatTemplate template, ChatRequest request, ChatTemplate.Prompt prompt) {
    OutputFormat format = request.generation().format();
    Optional<CallGrammar> calls = template.callGrammar(request, prompt);
    if (calls.isPresent()) {
      return get(
          calls.get().key() + " " + key(format),
          builder -> {
            define(builder, format);
            calls.get().define(builder);
          },
          CallGrammar.ROOT);
    }
    Expr thoughts = template.restOfThoughts(prompt);
    return thoughts == null || format instanceof OutputFormat.Text
        ? of(format)
        : get(
            "after thoughts " + key(format),
            builder -> afterThoughts(builder, thoughts, format),
            "reply");
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

  /** Does what the first request with a format would otherwise wait for. */
  void warmUp() {
    cache().anyJsonObject().newMatcher().mask();
  }

  private synchronized GrammarCache cache() {
    if (cache == null) {
      cache = new GrammarCache(TokenVocabulary.of(tokenizer), KEPT);
    }
    return cache;
  }

  // All that a format says: a record's text would not tell "1" from 1.
  private static String key(OutputFormat format) {
    return switch (format) {
      case OutputFormat.Text text -> "text";
      case OutputFormat.JsonObject object -> "object";
      case OutputFormat.JsonSchema(Object schema) -> "schema " + Grammar.schemaText(schema);
      case OutputFormat.Gbnf(String grammar) -> "gbnf " + grammar;
      case OutputFormat.Regex(String pattern) -> "regex " + pattern;
      case OutputFormat.Choice(List<String> texts) -> "choice " + GrammarCache.keyOf(texts);
    };
  }

  private static void afterThoughts(Grammar.Builder builder, Expr thoughts, OutputFormat format) {
    define(builder, format);
    builder.rule(
        "reply",
        Expr.sequence(
            thoughts, Expr.repeat(Expr.choice(List.of("\n", " ")), 0, 4), Expr.rule(FORMAT)));
  }

  private static void define(Grammar.Builder builder, OutputFormat format) {
    switch (format) {
      case OutputFormat.Text text -> builder.rule(FORMAT, Expr.anyText());
      case OutputFormat.JsonObject object -> builder.jsonObject(FORMAT);
      case OutputFormat.JsonSchema(Object schema) ->
          builder.schema(FORMAT, Grammar.schemaText(schema));
      case OutputFormat.Gbnf(String grammar) -> builder.gbnf(FORMAT, grammar);
      case OutputFormat.Regex(String pattern) -> builder.rule(FORMAT, Expr.regex(pattern));
      case OutputFormat.Choice(List<String> texts) -> builder.rule(FORMAT, Expr.choice(texts));
    }
  }
}

package dev.nearside.grammar;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The grammars that were used last, over one vocabulary, so that a request with a known schema
 * costs nothing to prepare and finds its masks computed. Thread-safe.
 */
public final class GrammarCache {
  private final TokenVocabulary vocabulary;
  private final Map<String, TokenGrammar> grammars;

  /**
   * @param capacity how many grammars are kept
   */
  public GrammarCache(TokenVocabulary vocabulary, int capacity) {
    this.vocabulary = vocabulary;
    grammars =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, TokenGrammar> eldest) {
            return size() > capacity;
          }
        };
  }

  public TokenGrammar jsonSchema(String schema) {
    return get("schema " + schema, () -> Grammar.ofJsonSchema(schema));
  }

  public TokenGrammar anyJsonObject() {
    return get("object", Grammar::anyJsonObject);
  }

  public TokenGrammar gbnf(String source) {
    return get("gbnf " + source, () -> Grammar.ofGbnf(source));
  }

  public TokenGrammar regex(String pattern) {
    return get("regex " + pattern, () -> Grammar.ofRegex(pattern));
  }

  public TokenGrammar choices(List<String> texts) {
    return get("choice " + keyOf(texts), () -> Grammar.ofChoices(texts));
  }

  /** A key that no other list of texts has. */
  public static String keyOf(List<String> texts) {
    StringBuilder key = new StringBuilder();
    texts.forEach(text -> key.append(text.length()).append(':').append(text));
    return key.toString();
  }

  /**
   * The grammar for {@code key}, made and kept if it is not there.
   *
   * @param key says all that {@code grammar} depends on
   */
  public TokenGrammar get(String key, Supplier<Grammar> grammar) {
    synchronized (grammars) {
      TokenGrammar known = grammars.get(key);
      if (known != null) {
        return known;
      }
    }
    // Compiled outside the lock: a large schema must not hold up others.
    TokenGrammar made = TokenGrammar.of(grammar.get(), vocabulary);
    synchronized (grammars) {
      grammars.put(key, made);
    }
    return made;
  }
}

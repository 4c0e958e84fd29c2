package dev.nearside.grammar;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * The grammars that were used last, over one vocabulary, so that a request with a known schema
 * costs nothing to prepare and finds its masks computed. Thread-safe.
 */
public final class GrammarCache {
  /** Characters of a schema or a grammar: more is no description of a reply. */
  private static final int MAX_CHARS = 1 << 20;

  private static final long MAX_BYTES = 256L << 20;
  private static final int HEAP_SHARE = 8;

  private final TokenVocabulary vocabulary;
  private final int capacity;
  private final long maxBytes;

  /** By the hash of their texts, those used last at the end. */
  private final LinkedHashMap<String, TokenGrammar> grammars = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param capacity how many grammars are kept at most; fewer where they are large
   */
  public GrammarCache(TokenVocabulary vocabulary, int capacity) {
    this(vocabulary, capacity, Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
  }

  GrammarCache(TokenVocabulary vocabulary, int capacity, long maxBytes) {
    this.vocabulary = vocabulary;
    this.capacity = capacity;
    this.maxBytes = maxBytes;
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
   * @throws GrammarException when that is more than a million characters
   */
  public TokenGrammar get(String key, Supplier<Grammar> grammar) {
    if (key.length() > MAX_CHARS) {
      throw GrammarException.tooLarge("characters", MAX_CHARS);
    }
    String hash = hash(key);
    synchronized (grammars) {
      TokenGrammar known = grammars.get(hash);
      if (known != null) {
        return known;
      }
    }
    // Compiled outside the lock: a large schema must not hold up others.
    TokenGrammar made = TokenGrammar.of(grammar.get(), vocabulary);
    synchronized (grammars) {
      grammars.put(hash, made);
      makeRoom();
    }
    return made;
  }

  /** How many there are. */
  int size() {
    synchronized (grammars) {
      return grammars.size();
    }
  }

  // Masks grow while they are used: what is kept is counted anew each time. The newest stays.
  private void makeRoom() {
    long bytes = grammars.values().stream().mapToLong(TokenGrammar::bytes).sum();
    while (grammars.size() > 1 && (grammars.size() > capacity || bytes > maxBytes)) {
      bytes -= grammars.pollFirstEntry().getValue().bytes();
    }
  }

  private static String hash(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

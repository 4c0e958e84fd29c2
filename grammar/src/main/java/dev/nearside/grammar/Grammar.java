package dev.nearside.grammar;

import dev.nearside.grammar.automaton.Automaton;
import dev.nearside.grammar.automaton.Config;
import dev.nearside.grammar.automaton.GrammarCompiler;
import dev.nearside.grammar.automaton.Machine;
import dev.nearside.grammar.gbnf.GbnfParser;
import dev.nearside.grammar.schema.JsonRules;
import dev.nearside.grammar.schema.SchemaCompiler;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled grammar: which texts are allowed. Immutable, thread-safe and independent of any
 * vocabulary; {@link TokenGrammar} joins it with one.
 */
public final class Grammar {
  private final Automaton automaton;
  private final Machine machine;

  private Grammar(Automaton automaton) {
    this.automaton = automaton;
    machine = Machine.ofBytes(automaton);
  }

  /** Collects rules; see {@link Expr}. */
  public static final class Builder {
    private final Map<String, Expr> rules = new LinkedHashMap<>();

    private Builder() {}

    /** Defines a rule, or defines it anew. */
    public Builder rule(String name, Expr body) {
      rules.put(name, body);
      return this;
    }

    /** Defines all of these rules. */
    public Builder rules(Map<String, Expr> more) {
      rules.putAll(more);
      return this;
    }

    /**
     * Defines a rule as the JSON texts that satisfy a JSON Schema.
     *
     * @throws SchemaException where the schema can't be honoured; it names the keyword
     */
    public Builder schema(String name, String schema) {
      return rules(SchemaCompiler.compile(schema, name));
    }

    /**
     * Defines a rule as the texts of a grammar in GBNF.
     *
     * @throws GrammarException with line and column where the text is no GBNF
     */
    public Builder gbnf(String name, String source) {
      rules.putAll(
          Renamed.rules(
              GbnfParser.parse(source), rule -> rule.equals("root") ? name : name + " " + rule));
      return this;
    }

    /** Defines a rule as any JSON object. */
    public Builder jsonObject(String name) {
      rules.putAll(JsonRules.rules());
      return rule(name, Expr.rule(JsonRules.OBJECT));
    }

    /**
     * Compiles the rules that {@code root} needs.
     *
     * @throws GrammarException where a rule is undefined, begins with itself, or can't be finished,
     *     or the automaton would be too large
     */
    public Grammar build(String root) {
      return new Grammar(GrammarCompiler.compile(rules, root));
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * A grammar in GBNF, llama.cpp's notation; its rule {@code root} is where a text begins.
   *
   * @throws GrammarException with line and column where the text is no GBNF
   */
  public static Grammar ofGbnf(String source) {
    return builder().rules(GbnfParser.parse(source)).build("root");
  }

  /**
   * The JSON texts that satisfy a JSON Schema, draft 2020-12. An empty schema means any object.
   *
   * @throws SchemaException where the schema can't be honoured; it names the keyword
   */
  public static Grammar ofJsonSchema(String schema) {
    return builder().schema("root", schema).build("root");
  }

  /**
   * The text of a schema that is at hand as maps, lists, strings, numbers and booleans, for {@link
   * #ofJsonSchema}; also a key for a cache.
   */
  public static String schemaText(Object schema) {
    return SchemaCompiler.text(schema);
  }

  /** Any JSON value. */
  public static Grammar anyJson() {
    return builder().rules(JsonRules.rules()).build(JsonRules.VALUE);
  }

  /** Any JSON object. */
  public static Grammar anyJsonObject() {
    return builder().rules(JsonRules.rules()).build(JsonRules.OBJECT);
  }

  /** The texts that a regular expression (ECMA-262) matches from beginning to end. */
  public static Grammar ofRegex(String pattern) {
    return of(Expr.regex(pattern));
  }

  /** One of these texts. */
  public static Grammar ofChoices(Collection<String> texts) {
    return of(Expr.choice(texts));
  }

  /** The grammar of one expression without named rules. */
  public static Grammar of(Expr expr) {
    return builder().rule("root", expr).build("root");
  }

  /** Whether {@code text} as a whole is allowed. Token references match nothing here. */
  public boolean matches(String text) {
    Config config = after(text);
    return config != null && config.isComplete();
  }

  /** Whether {@code text} is the beginning of a text that is allowed. */
  public boolean isPrefix(String text) {
    return after(text) != null;
  }

  /** The number of states, a measure of the grammar's size. */
  public int stateCount() {
    return automaton.stateCount();
  }

  Automaton automaton() {
    return automaton;
  }

  private @Nullable Config after(String text) {
    Machine own = machine.copy();
    Config config = own.start();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      config = own.step(config, b & 0xFF);
      if (config == null) {
        return null;
      }
    }
    return config;
  }
}

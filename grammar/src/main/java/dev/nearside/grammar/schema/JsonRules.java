package dev.nearside.grammar.schema;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.automaton.JsonText;
import dev.nearside.grammar.text.CharDfa;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The rules of JSON itself. Between the parts of a value there may be one or two blanks, a tab, or
 * up to two line ends with an indentation: every usual layout, but no endless white space, into
 * which models fall when they don't know how to go on.
 */
public final class JsonRules {
  /** Any JSON value. */
  public static final String VALUE = "json-value";

  /** Any JSON object. */
  public static final String OBJECT = "json-object";

  private static final String SPACE = "json-space";

  static final Expr WS = Expr.rule(SPACE);
  static final Expr COMMA = Expr.sequence(WS, Expr.text(","), WS);
  static final Expr COLON = Expr.sequence(WS, Expr.text(":"), WS);
  static final Expr STRING = new Expr.JsonString(0, Expr.UNLIMITED);

  private JsonRules() {}

  /** The rules by name. */
  public static Map<String, Expr> rules() {
    Expr value = Expr.rule(VALUE);
    Expr object = braces(list(Expr.sequence(STRING, COLON, value)));
    Expr array = brackets(list(value));
    Expr number = new Expr.Language(Decimals.all(), false);
    return Map.of(
        SPACE,
        Expr.regex("( {1,2}|\\t|(\\r?\\n){1,2}[ \\t]{0,40})?"),
        OBJECT,
        object,
        VALUE,
        Expr.choice(
            object,
            array,
            STRING,
            number,
            Expr.text("true"),
            Expr.text("false"),
            Expr.text("null")));
  }

  private static Expr list(Expr item) {
    Expr more = Expr.repeat(Expr.sequence(COMMA, item), 0, Expr.UNLIMITED);
    return Expr.optional(Expr.sequence(item, more));
  }

  static Expr braces(Expr members) {
    return Expr.sequence(Expr.text("{"), WS, members, WS, Expr.text("}"));
  }

  static Expr brackets(Expr items) {
    return Expr.sequence(Expr.text("["), WS, items, WS, Expr.text("]"));
  }

  /** A JSON string whose text is in the language. */
  static Expr string(CharDfa language) {
    return Expr.sequence(Expr.text("\""), new Expr.Language(language, true), Expr.text("\""));
  }

  /** Exactly this value; white space is free. */
  static Expr value(JsonNode value) {
    if (value.isString()) {
      return Expr.text(quoted(value.asString()));
    }
    List<Expr> parts = new ArrayList<>();
    if (value.isArray()) {
      for (JsonNode item : value) {
        parts.add(parts.isEmpty() ? value(item) : Expr.sequence(COMMA, value(item)));
      }
      return brackets(new Expr.Sequence(parts));
    }
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        Expr member =
            Expr.sequence(Expr.text(quoted(entry.getKey())), COLON, value(entry.getValue()));
        parts.add(parts.isEmpty() ? member : Expr.sequence(COMMA, member));
      }
      return braces(new Expr.Sequence(parts));
    }
    return Expr.text(value.toString());
  }

  static String quoted(String text) {
    return '"' + JsonText.escaped(text) + '"';
  }
}

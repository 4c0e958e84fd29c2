package dev.nearside.jinja.syntax;

import dev.nearside.jinja.TemplateException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens, read one after the other; and how deep the parser has nested in them. */
final class TokenStream {
  /**
   * How deep parentheses, operators and tags may nest. jinja2 itself stops at some 70 parentheses;
   * a level takes up to ten frames of the Java stack.
   */
  private static final int MAX_NESTING = 200;

  private final List<Token> tokens;
  private int position;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  Token look() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (position < tokens.size() - 1) {
      position++;
    }
    return token;
  }

  boolean is(TokenType type) {
    return current().type() == type;
  }

  boolean isName(String name) {
    return current().isName(name);
  }

  boolean isOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean skipName(String name) {
    boolean found = isName(name);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipOperator(String operator) {
    boolean found = isOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(TokenType type) {
    return is(type) ? next() : fail(type.description());
  }

  Token expectOperator(String operator) {
    return isOperator(operator) ? next() : fail(operator);
  }

  Token expectName(String name) {
    return isName(name) ? next() : fail(name);
  }

  private Token fail(String expected) {
    if (is(TokenType.EOF)) {
      throw error("unexpected end of template, expected '" + expected + "'");
    }
    throw error("expected token '" + expected + "', got '" + current().describe() + "'");
  }

  TemplateException error(String what) {
    return current().pos().error(what);
  }

  void enter() {
    if (nesting >= MAX_NESTING) {
      throw error("nested deeper than " + MAX_NESTING + " levels");
    }
    nesting++;
  }

  void leave() {
    nesting--;
  }

  /** The name of a tag, or null if the current token is not {@code name}. */
  @Nullable String name() {
    return is(TokenType.NAME) ? current().text() : null;
  }
}

package dev.nearside.jinja.syntax;

/**
 * A piece of a template.
 *
 * @param text data and strings as they will be used, anything else as written
 */
record Token(TokenType type, String text, Pos pos) {
  boolean isName(String name) {
    return type == TokenType.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return type == TokenType.OPERATOR && text.equals(operator);
  }

  String describe() {
    return switch (type) {
      case NAME, OPERATOR -> text;
      default -> type.description();
    };
  }
}

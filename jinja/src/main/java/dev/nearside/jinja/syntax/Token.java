package dev.nearside.jinja.syntax;

/**
 * A piece of a template.
 *
 * @param text data and strings as they will be used, anything else as written
 */
record Token(Type type, String text, Pos pos) {
  /** The kinds of tokens. */
  enum Type {
    DATA("template data / text"),
    VARIABLE_BEGIN("begin of print statement"),
    VARIABLE_END("end of print statement"),
    BLOCK_BEGIN("begin of statement block"),
    BLOCK_END("end of statement block"),
    NAME("name"),
    STRING("string"),
    INTEGER("integer"),
    FLOAT("float"),
    OPERATOR("operator"),
    EOF("end of template");

    private final String description;

    Type(String description) {
      this.description = description;
    }

    String description() {
      return description;
    }
  }

  boolean isName(String name) {
    return type == Type.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return type == Type.OPERATOR && text.equals(operator);
  }

  String describe() {
    return switch (type) {
      case NAME, OPERATOR -> text;
      default -> type.description();
    };
  }
}

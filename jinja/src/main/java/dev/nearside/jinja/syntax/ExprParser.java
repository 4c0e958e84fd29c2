package dev.nearside.jinja.syntax;

import dev.nearside.jinja.value.Arithmetic.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions. Binding, loosest first: {@code if}, {@code or}, {@code and}, {@code not},
 * comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs, postfixes, filters and
 * tests. All binary operators bind to the left, {@code **} too. Reference: jinja2 3.1.6, parser.py.
 */
final class ExprParser {
  private static final int ADDITIVE = 1;
  private static final int CONCAT = 2;

  private final TokenStream stream;
  private final OperandParser operands;

  ExprParser(TokenStream stream, Predicate<String> filters, Predicate<String> tests) {
    this.stream = stream;
    this.operands = new OperandParser(stream, this, filters, tests);
  }

  OperandParser operands() {
    return operands;
  }

  /** An expression, or several separated by commas as a tuple. */
  Expr tuple(boolean withConditional, @Nullable String endName) {
    return tuple(withConditional, endName, false);
  }

  /** What stands between parentheses, possibly nothing. */
  Expr parenthesised() {
    return tuple(true, null, true);
  }

  private Expr tuple(boolean withConditional, @Nullable String endName, boolean isParenthesised) {
    Pos pos = stream.current().pos();
    List<Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (!isTupleEnd(endName)) {
      items.add(withConditional ? expression() : or());
      if (!stream.isOperator(",")) {
        break;
      }
      stream.next();
      isTuple = true;
    }
    if (!isTuple && !items.isEmpty()) {
      return items.getFirst();
    }
    if (items.isEmpty() && !isParenthesised) {
      throw stream.error("Expected an expression, got '" + stream.current().describe() + "'");
    }
    return new Expr.TupleOf(items, pos);
  }

  private boolean isTupleEnd(@Nullable String endName) {
    return stream.is(TokenType.VARIABLE_END)
        || stream.is(TokenType.BLOCK_END)
        || stream.isOperator(")")
        || (endName != null && stream.isName(endName));
  }

  /** One expression, conditional ones included. */
  Expr expression() {
    stream.enter();
    try {
      int known = operands.unknownNames();
      Expr expr = or();
      while (stream.isName("if")) {
        // That the expression is conditional shows only now.
        operands.forgetUnknown(known);
        Pos pos = stream.next().pos();
        expr = conditional(expr, pos);
      }
      return expr;
    } finally {
      stream.leave();
    }
  }

  private Expr conditional(Expr then, Pos pos) {
    boolean before = operands.soft(true);
    Expr condition = or();
    Expr otherwise = stream.skipName("else") ? expression() : null;
    operands.soft(before);
    return new Expr.Conditional(condition, then, otherwise, pos);
  }

  Expr or() {
    Expr left = and();
    while (stream.isName("or")) {
      Pos pos = stream.next().pos();
      left = new Expr.Logic(false, left, and(), pos);
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (stream.isName("and")) {
      Pos pos = stream.next().pos();
      left = new Expr.Logic(true, left, not(), pos);
    }
    return left;
  }

  private Expr not() {
    if (!stream.isName("not")) {
      return compare();
    }
    stream.enter();
    Pos pos = stream.next().pos();
    Expr operand = not();
    stream.leave();
    return new Expr.Not(operand, pos);
  }

  private Expr compare() {
    Expr first = binary(ADDITIVE);
    List<Expr.Operand> rest = new ArrayList<>();
    Pos pos = stream.current().pos();
    for (Expr.Comparator next = comparator(); next != null; next = comparator()) {
      rest.add(new Expr.Operand(next, binary(ADDITIVE)));
    }
    return rest.isEmpty() ? first : new Expr.Compare(first, rest, pos);
  }

  /** Takes a comparing operator, or returns null. */
  private Expr.@Nullable Comparator comparator() {
    Token token = stream.current();
    if (token.isName("not") && stream.look().isName("in")) {
      stream.next();
      stream.next();
      return Expr.Comparator.NOT_IN;
    }
    if (token.type() != TokenType.OPERATOR && !token.isName("in")) {
      return null;
    }
    Expr.Comparator comparator =
        switch (token.text()) {
          case "==" -> Expr.Comparator.EQUAL;
          case "!=" -> Expr.Comparator.NOT_EQUAL;
          case "<" -> Expr.Comparator.LESS;
          case "<=" -> Expr.Comparator.LESS_EQUAL;
          case ">" -> Expr.Comparator.GREATER;
          case ">=" -> Expr.Comparator.GREATER_EQUAL;
          case "in" -> Expr.Comparator.IN;
          default -> null;
        };
    if (comparator != null) {
      stream.next();
    }
    return comparator;
  }

  /** Operators that bind at least as tightly as {@code least}. */
  private Expr binary(int least) {
    Expr left = unary(true);
    while (true) {
      Token token = stream.current();
      int level = token.type() == TokenType.OPERATOR ? level(token.text()) : 0;
      if (level < least) {
        return left;
      }
      stream.next();
      left = level == CONCAT ? concat(left, token.pos()) : combine(token, left, level);
    }
  }

  private static int level(String operator) {
    return switch (operator) {
      case "+", "-" -> ADDITIVE;
      case "~" -> CONCAT;
      case "*", "/", "//", "%" -> 3;
      case "**" -> 4;
      default -> 0;
    };
  }

  private Expr combine(Token token, Expr left, int level) {
    Operator operator =
        switch (token.text()) {
          case "+" -> Operator.ADD;
          case "-" -> Operator.SUBTRACT;
          case "*" -> Operator.MULTIPLY;
          case "/" -> Operator.DIVIDE;
          case "//" -> Operator.FLOOR_DIVIDE;
          case "%" -> Operator.MODULO;
          default -> Operator.POWER;
        };
    return new Expr.Binary(operator, left, binary(level + 1), token.pos());
  }

  /** The operands of {@code ~} in a row, the first operator taken. */
  private Expr concat(Expr first, Pos pos) {
    List<Expr> parts = new ArrayList<>();
    parts.add(first);
    do {
      parts.add(binary(CONCAT + 1));
    } while (stream.skipOperator("~"));
    return new Expr.Concat(parts, pos);
  }

  private Expr unary(boolean withFilters) {
    Expr node;
    if (stream.isOperator("-") || stream.isOperator("+")) {
      stream.enter();
      Token sign = stream.next();
      node = new Expr.Sign(sign.text().equals("-"), unary(false), sign.pos());
      stream.leave();
    } else {
      node = operands.primary();
    }
    node = operands.postfix(node);
    return withFilters ? operands.filtersAndTests(node) : node;
  }
}

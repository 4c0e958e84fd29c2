package dev.nearside.jinja.syntax;

import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.value.Arithmetic.Operator;
import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.Parsing;
import dev.nearside.jinja.value.Real;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Value;
import java.math.BigInteger;
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
  private final Predicate<String> filters;
  private final Predicate<String> tests;

  /** Inside if, an unknown filter or test is an error only when it runs. */
  private boolean isSoft;

  ExprParser(TokenStream stream, Predicate<String> filters, Predicate<String> tests) {
    this.stream = stream;
    this.filters = filters;
    this.tests = tests;
  }

  /** Sets whether unknown filters and tests may wait; the old setting. */
  boolean soft(boolean soft) {
    boolean before = isSoft;
    isSoft = soft;
    return before;
  }

  /** An expression, or several separated by commas as a tuple. */
  Expr tuple(boolean withConditional, @Nullable String endName) {
    return tuple(withConditional, endName, false);
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
      Expr expr = or();
      while (stream.isName("if")) {
        Pos pos = stream.next().pos();
        expr = conditional(expr, pos);
      }
      return expr;
    } finally {
      stream.leave();
    }
  }

  private Expr conditional(Expr then, Pos pos) {
    boolean before = soft(true);
    Expr condition = or();
    Expr otherwise = stream.skipName("else") ? expression() : null;
    soft(before);
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
      node = primary();
    }
    node = postfix(node);
    return withFilters ? filtersAndTests(node) : node;
  }

  private Expr primary() {
    Token token = stream.current();
    return switch (token.type()) {
      case NAME -> name(stream.next());
      case STRING -> string();
      case INTEGER -> new Expr.Literal(integer(stream.next()), token.pos());
      case FLOAT ->
          new Expr.Literal(new Real(Double.parseDouble(token.text())), stream.next().pos());
      case OPERATOR -> bracketed(token);
      default -> throw unexpected(token);
    };
  }

  private static TemplateException unexpected(Token token) {
    return token.pos().error("unexpected '" + token.describe() + "'");
  }

  private static Expr name(Token token) {
    Value constant =
        switch (token.text()) {
          case "true", "True" -> Bool.TRUE;
          case "false", "False" -> Bool.FALSE;
          case "none", "None" -> None.NONE;
          default -> null;
        };
    return constant == null
        ? new Expr.Name(token.text(), token.pos())
        : new Expr.Literal(constant, token.pos());
  }

  private Expr string() {
    Pos pos = stream.current().pos();
    StringBuilder text = new StringBuilder();
    while (stream.is(TokenType.STRING)) {
      text.append(stream.next().text());
    }
    return new Expr.Literal(Str.of(text.toString()), pos);
  }

  private static Int integer(Token token) {
    BigInteger value = Parsing.integer(token.text(), 0);
    if (value == null) {
      throw token.pos().error("the integer is too long");
    }
    return new Int(value);
  }

  private Expr bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> {
        stream.next();
        Expr inner = tuple(true, null, true);
        stream.expectOperator(")");
        yield inner;
      }
      case "[" -> list();
      case "{" -> dict();
      default -> throw unexpected(token);
    };
  }

  private Expr list() {
    Pos pos = stream.next().pos();
    List<Expr> items = new ArrayList<>();
    while (!stream.isOperator("]")) {
      items.add(expression());
      if (!stream.skipOperator(",")) {
        break;
      }
    }
    stream.expectOperator("]");
    return new Expr.ListOf(items, pos);
  }

  private Expr dict() {
    Pos pos = stream.next().pos();
    List<Expr.Pair> pairs = new ArrayList<>();
    while (!stream.isOperator("}")) {
      Expr key = expression();
      stream.expectOperator(":");
      pairs.add(new Expr.Pair(key, expression()));
      if (!stream.skipOperator(",")) {
        break;
      }
    }
    stream.expectOperator("}");
    return new Expr.DictOf(pairs, pos);
  }

  /** {@code .name}, {@code [key]} and {@code (arguments)}. */
  private Expr postfix(Expr start) {
    Expr node = start;
    while (true) {
      Pos pos = stream.current().pos();
      if (stream.isOperator(".")) {
        node = attribute(node);
      } else if (stream.isOperator("[")) {
        node = item(node);
      } else if (stream.isOperator("(")) {
        node = new Expr.Call(node, arguments(), pos);
      } else {
        return node;
      }
    }
  }

  private Expr attribute(Expr target) {
    stream.next();
    Token name = stream.next();
    return switch (name.type()) {
      case NAME -> new Expr.Attribute(target, name.text(), name.pos());
      case INTEGER ->
          new Expr.Item(target, new Expr.Literal(integer(name), name.pos()), name.pos());
      default -> throw name.pos().error("expected name or number");
    };
  }

  private Expr item(Expr target) {
    Pos pos = stream.next().pos();
    List<Expr> keys = new ArrayList<>();
    while (!stream.isOperator("]")) {
      if (!keys.isEmpty()) {
        stream.expectOperator(",");
      }
      if (stream.isOperator(":")) {
        return slice(target, null, keys, pos);
      }
      Expr key = expression();
      if (stream.isOperator(":")) {
        return slice(target, key, keys, pos);
      }
      keys.add(key);
    }
    stream.expectOperator("]");
    Expr key = keys.size() == 1 ? keys.getFirst() : new Expr.TupleOf(keys, pos);
    return new Expr.Item(target, key, pos);
  }

  private Expr slice(Expr target, @Nullable Expr start, List<Expr> before, Pos pos) {
    if (!before.isEmpty()) {
      throw stream.error("a slice cannot be one of several keys");
    }
    stream.expectOperator(":");
    Expr stop = stream.isOperator(":") ? null : sliceBound();
    Expr step = stream.skipOperator(":") ? sliceBound() : null;
    stream.expectOperator("]");
    return new Expr.Slice(target, start, stop, step, pos);
  }

  private @Nullable Expr sliceBound() {
    return stream.isOperator("]") || stream.isOperator(",") ? null : expression();
  }

  /** {@code |filter}, {@code is test}, and calls of what they give. */
  private Expr filtersAndTests(Expr start) {
    Expr node = start;
    while (true) {
      Pos pos = stream.current().pos();
      if (stream.skipOperator("|")) {
        node = filter(node);
      } else if (stream.isName("is")) {
        node = test(node);
      } else if (stream.isOperator("(")) {
        node = new Expr.Call(node, arguments(), pos);
      } else {
        return node;
      }
    }
  }

  /** The filter whose name is current. */
  private Expr.Filter filter(@Nullable Expr target) {
    Pos pos = stream.current().pos();
    String name = dottedName();
    if (!isSoft && !filters.test(name)) {
      throw pos.error("No filter named '" + name + "'");
    }
    Expr.Arguments arguments = stream.isOperator("(") ? arguments() : Expr.Arguments.NONE;
    return new Expr.Filter(target, name, arguments, pos);
  }

  /** The filters of a block, the first one current. */
  Expr.Filter blockFilter() {
    Expr.Filter filter = filter(null);
    while (stream.skipOperator("|")) {
      filter = filter(filter);
    }
    return filter;
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(stream.expect(TokenType.NAME).text());
    while (stream.skipOperator(".")) {
      name.append('.').append(stream.expect(TokenType.NAME).text());
    }
    return name.toString();
  }

  private Expr test(Expr target) {
    Pos pos = stream.next().pos();
    boolean isNegated = stream.skipName("not");
    Pos namePos = stream.current().pos();
    String name = dottedName();
    if (!isSoft && !tests.test(name)) {
      throw namePos.error("No test named '" + name + "'");
    }
    Expr test = new Expr.Test(target, name, testArguments(), namePos);
    return isNegated ? new Expr.Not(test, pos) : test;
  }

  private Expr.Arguments testArguments() {
    if (stream.isOperator("(")) {
      return arguments();
    }
    Token token = stream.current();
    boolean startsValue =
        switch (token.type()) {
          case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
          case STRING, INTEGER, FLOAT -> true;
          case OPERATOR -> token.isOperator("[") || token.isOperator("{");
          default -> false;
        };
    if (!startsValue) {
      return Expr.Arguments.NONE;
    }
    if (token.isName("is")) {
      throw token.pos().error("You cannot chain multiple tests with is");
    }
    return new Expr.Arguments(List.of(postfix(primary())), List.of(), null, null);
  }

  private Expr.Arguments arguments() {
    Pos pos = stream.expectOperator("(").pos();
    List<Expr> positional = new ArrayList<>();
    List<Expr.Keyword> named = new ArrayList<>();
    Expr star = null;
    Expr doubleStar = null;
    while (!stream.isOperator(")")) {
      if (stream.skipOperator("*")) {
        ensure(star == null && doubleStar == null, pos);
        star = expression();
      } else if (stream.skipOperator("**")) {
        ensure(doubleStar == null, pos);
        doubleStar = expression();
      } else if (stream.is(TokenType.NAME) && stream.look().isOperator("=")) {
        ensure(doubleStar == null, pos);
        named.add(keyword(named));
      } else {
        ensure(star == null && doubleStar == null && named.isEmpty(), pos);
        positional.add(expression());
      }
      if (!stream.isOperator(")")) {
        stream.expectOperator(",");
      }
    }
    stream.next();
    return new Expr.Arguments(positional, named, star, doubleStar);
  }

  private static void ensure(boolean condition, Pos pos) {
    if (!condition) {
      throw pos.error("invalid syntax for function call expression");
    }
  }

  private Expr.Keyword keyword(List<Expr.Keyword> before) {
    Token name = stream.next();
    stream.next();
    if (before.stream().anyMatch(other -> other.name().equals(name.text()))) {
      throw name.pos().error("keyword argument repeated: " + name.text());
    }
    return new Expr.Keyword(name.text(), expression());
  }
}

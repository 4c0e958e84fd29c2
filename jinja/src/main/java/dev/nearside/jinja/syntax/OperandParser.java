package dev.nearside.jinja.syntax;

import dev.nearside.jinja.TemplateException;
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
 * Parses what operators work on: literals, names, brackets, and what may follow them: attributes,
 * items, calls, filters and tests. Reference: jinja2 3.1.6, parser.py.
 */
final class OperandParser {
  private final TokenStream stream;
  private final ExprParser expressions;
  private final Predicate<String> filters;
  private final Predicate<String> tests;

  /** Unknown filters and tests outside any {@code if}: inside one they fail only if they run. */
  private final List<TemplateException> unknown = new ArrayList<>();

  private boolean isSoft;

  OperandParser(
      TokenStream stream,
      ExprParser expressions,
      Predicate<String> filters,
      Predicate<String> tests) {
    this.stream = stream;
    this.expressions = expressions;
    this.filters = filters;
    this.tests = tests;
  }

  /** Sets whether unknown filters and tests may wait; the old setting. */
  boolean soft(boolean soft) {
    boolean before = isSoft;
    isSoft = soft;
    return before;
  }

  private void unknown(TemplateException error) {
    if (!isSoft) {
      unknown.add(error);
    }
  }

  /** How many unknown names there are so far. */
  int unknownNames() {
    return unknown.size();
  }

  /** Takes back all but the first {@code count} unknown names. */
  void forgetUnknown(int count) {
    unknown.subList(count, unknown.size()).clear();
  }

  /** Throws if what was parsed so far uses an unknown filter or test. */
  void checkNames() {
    if (!unknown.isEmpty()) {
      throw unknown.getFirst();
    }
  }

  Expr primary() {
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
        Expr inner = expressions.parenthesised();
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
      items.add(expressions.expression());
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
      Expr key = expressions.expression();
      stream.expectOperator(":");
      pairs.add(new Expr.Pair(key, expressions.expression()));
      if (!stream.skipOperator(",")) {
        break;
      }
    }
    stream.expectOperator("}");
    return new Expr.DictOf(pairs, pos);
  }

  /** {@code .name}, {@code [key]} and {@code (arguments)}. */
  Expr postfix(Expr start) {
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
      Expr key = expressions.expression();
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
    return stream.isOperator("]") || stream.isOperator(",") ? null : expressions.expression();
  }

  /** {@code |filter}, {@code is test}, and calls of what they give. */
  Expr filtersAndTests(Expr start) {
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
    if (!filters.test(name)) {
      unknown(pos.error("No filter named '" + name + "'"));
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
    if (!tests.test(name)) {
      unknown(namePos.error("No test named '" + name + "'"));
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
        star = expressions.expression();
      } else if (stream.skipOperator("**")) {
        ensure(doubleStar == null, pos);
        doubleStar = expressions.expression();
      } else if (stream.is(TokenType.NAME) && stream.look().isOperator("=")) {
        ensure(doubleStar == null, pos);
        named.add(keyword(named));
      } else {
        ensure(star == null && doubleStar == null && named.isEmpty(), pos);
        positional.add(expressions.expression());
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
    return new Expr.Keyword(name.text(), expressions.expression());
  }
}

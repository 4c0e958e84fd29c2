package dev.nearside.jinja.syntax;

import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.jinja.syntax.Stmt.Body;
import dev.nearside.jinja.syntax.Stmt.Signature;
import dev.nearside.jinja.syntax.Stmt.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Parses tags. Reference: jinja2 3.1.6, parser.py, and the loopcontrols extension. */
public final class Parser {
  private final TokenStream stream;
  private final ExprParser expressions;
  private final OperandParser operands;
  private final Deque<String> openTags = new ArrayDeque<>();
  private final Set<String> blockNames = new HashSet<>();
  private boolean isInLoop;

  /** How many loops are open, macros inside them included. */
  private int loopDepth;

  private Parser(TokenStream stream, Predicate<String> filters, Predicate<String> tests) {
    this.stream = stream;
    this.expressions = new ExprParser(stream, filters, tests);
    this.operands = expressions.operands();
  }

  /**
   * Parses a template.
   *
   * @param filters the names of the filters that exist
   * @param tests the names of the tests that exist
   * @throws TemplateException if the template is malformed
   */
  public static Body parse(
      String source, TemplateOptions options, Predicate<String> filters, Predicate<String> tests) {
    TokenStream stream = new TokenStream(Lexer.scan(source, options));
    return new Parser(stream, filters, tests).statements();
  }

  /** Statements up to one of the end tags, whose name is then current; without any, up to EOF. */
  private Body statements(String... ends) {
    List<Stmt> statements = new ArrayList<>();
    while (!stream.is(TokenType.EOF)) {
      Token token = stream.next();
      switch (token.type()) {
        case DATA -> statements.add(new Stmt.Text(token.text(), token.pos()));
        case VARIABLE_BEGIN -> {
          statements.add(new Stmt.Print(expressions.tuple(true, null), token.pos()));
          stream.expect(TokenType.VARIABLE_END);
          operands.checkNames();
        }
        default -> {
          if (List.of(ends).contains(String.valueOf(stream.name()))) {
            return new Body(statements);
          }
          statements.addAll(tag(ends));
          stream.expect(TokenType.BLOCK_END);
          operands.checkNames();
        }
      }
    }
    if (ends.length > 0) {
      throw stream.error("Unexpected end of template." + lookingFor(ends));
    }
    return new Body(statements);
  }

  private String lookingFor(String... ends) {
    String looking =
        ends.length == 0
            ? ""
            : " Jinja was looking for the following tags: '" + String.join("' or '", ends) + "'.";
    return openTags.isEmpty()
        ? looking
        : looking + " The innermost block that needs to be closed is '" + openTags.peek() + "'.";
  }

  /** A tag's body: after its closing delimiter, up to an end tag. */
  private Body body(String... ends) {
    stream.skipOperator(":");
    stream.expect(TokenType.BLOCK_END);
    stream.enter();
    Body body = statements(ends);
    stream.leave();
    return body;
  }

  /** A body with a single end tag, which is taken. */
  private Body wholeBody(String end) {
    Body body = body(end);
    stream.next();
    return body;
  }

  /** A body in which unknown filters are errors at once, and which may be outside any loop. */
  private Body ownBody(String end, boolean staysInLoop) {
    boolean wasSoft = operands.soft(false);
    boolean wasInLoop = isInLoop;
    isInLoop &= staysInLoop;
    Body body = wholeBody(end);
    isInLoop = wasInLoop;
    operands.soft(wasSoft);
    return body;
  }

  private List<Stmt> tag(String... ends) {
    Token token = stream.current();
    if (token.type() != TokenType.NAME) {
      throw token.pos().error("tag name expected");
    }
    openTags.push(token.text());
    Pos pos = stream.next().pos();
    List<Stmt> parsed =
        switch (token.text()) {
          case "print" -> print(pos);
          case "if" -> List.of(conditional(pos));
          case "for" -> List.of(loop(pos));
          case "break" -> List.of(new Stmt.Break(inLoop(token)));
          case "continue" -> List.of(new Stmt.Continue(inLoop(token)));
          case "set" -> List.of(set(pos));
          case "macro" -> List.of(macro(pos));
          case "call" -> List.of(callBlock(pos));
          case "filter" -> List.of(filterBlock(pos));
          case "with" -> List.of(with(pos));
          case "generation" -> List.of(new Stmt.Generation(ownBody("endgeneration", false), pos));
          case "autoescape" ->
              List.of(
                  new Stmt.Autoescape(
                      expressions.expression(), ownBody("endautoescape", true), pos));
          case "block" -> List.of(block(pos));
          case "include", "import", "from", "extends" -> List.of(outside(token));
          default -> {
            openTags.pop();
            throw pos.error("Encountered unknown tag '" + token.text() + "'." + lookingFor(ends));
          }
        };
    openTags.pop();
    return parsed;
  }

  private Pos inLoop(Token token) {
    if (!isInLoop) {
      throw token.pos().error("'" + token.text() + "' outside loop");
    }
    return token.pos();
  }

  private List<Stmt> print(Pos pos) {
    List<Stmt> prints = new ArrayList<>();
    while (!stream.is(TokenType.BLOCK_END)) {
      if (!prints.isEmpty()) {
        stream.expectOperator(",");
      }
      prints.add(new Stmt.Print(expressions.expression(), pos));
    }
    return prints;
  }

  private Stmt conditional(Pos pos) {
    boolean wasSoft = operands.soft(true);
    List<Stmt.Branch> branches = new ArrayList<>();
    Body otherwise = null;
    while (true) {
      Expr condition = expressions.tuple(false, null);
      branches.add(new Stmt.Branch(condition, body("elif", "else", "endif")));
      String end = stream.next().text();
      if (end.equals("else")) {
        otherwise = wholeBody("endif");
      }
      if (!end.equals("elif")) {
        operands.soft(wasSoft);
        return new Stmt.If(branches, otherwise, pos);
      }
    }
  }

  private Stmt loop(Pos pos) {
    loopDepth++;
    Target target = target(false, "in");
    stream.expectName("in");
    Expr source = expressions.tuple(false, "recursive");
    boolean wasSoft = operands.soft(false);
    Expr condition = stream.skipName("if") ? expressions.expression() : null;
    boolean isRecursive = stream.skipName("recursive");
    boolean wasInLoop = isInLoop;
    isInLoop = true;
    Body body = body("endfor", "else");
    isInLoop = wasInLoop && !isRecursive;
    Body otherwise = stream.next().text().equals("else") ? wholeBody("endfor") : null;
    isInLoop = wasInLoop;
    loopDepth--;
    operands.soft(wasSoft);
    return new Stmt.For(target, source, condition, isRecursive, body, otherwise, pos);
  }

  private Stmt set(Pos pos) {
    Target target = target(true, null);
    if (stream.skipOperator("=")) {
      return new Stmt.Set(target, expressions.tuple(true, null), pos);
    }
    Expr.Filter filter = stream.skipOperator("|") ? operands.blockFilter() : null;
    return new Stmt.SetBlock(target, filter, ownBody("endset", true), pos);
  }

  private Stmt macro(Pos pos) {
    String name = assignableName();
    Signature signature = signature();
    return new Stmt.Macro(name, signature, ownBody("endmacro", false), pos);
  }

  private Signature signature() {
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    stream.expectOperator("(");
    while (!stream.isOperator(")")) {
      if (!parameters.isEmpty()) {
        stream.expectOperator(",");
      }
      Pos pos = stream.current().pos();
      String name = assignableName();
      if (parameters.contains(name)) {
        throw pos.error("duplicate argument '" + name + "' in the signature");
      }
      if (stream.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw stream.error("non-default argument follows default argument");
      }
      parameters.add(name);
    }
    stream.next();
    return new Signature(parameters, defaults);
  }

  private Stmt callBlock(Pos pos) {
    Signature signature = stream.isOperator("(") ? signature() : Signature.EMPTY;
    if (expressions.expression() instanceof Expr.Call call) {
      return new Stmt.CallBlock(signature, call, ownBody("endcall", false), pos);
    }
    throw pos.error("expected call");
  }

  private Stmt filterBlock(Pos pos) {
    Expr.Filter filter = operands.blockFilter();
    return new Stmt.FilterBlock(filter, ownBody("endfilter", true), pos);
  }

  private Stmt with(Pos pos) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!stream.is(TokenType.BLOCK_END)) {
      if (!targets.isEmpty()) {
        stream.expectOperator(",");
      }
      targets.add(target(false, null));
      stream.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(targets, values, ownBody("endwith", true), pos);
  }

  private Stmt block(Pos pos) {
    String name = stream.expect(TokenType.NAME).text();
    boolean isScoped = stream.skipName("scoped");
    boolean isRequired = stream.skipName("required");
    if (stream.isOperator("-")) {
      throw stream.error("Block names may not contain hyphens, use an underscore instead.");
    }
    if (!blockNames.add(name)) {
      throw pos.error("block '" + name + "' defined twice");
    }
    Body body = ownBody("endblock", false);
    stream.skipName(name);
    return new Stmt.Block(name, isScoped, isRequired, body, pos);
  }

  private Stmt outside(Token tag) {
    Expr template = expressions.expression();
    List<String> names = new ArrayList<>();
    switch (tag.text()) {
      case "import" -> {
        stream.expectName("as");
        names.add(assignableName());
      }
      case "from" -> importedNames(names);
      default -> {
        if (stream.isName("ignore") && stream.look().isName("missing")) {
          stream.next();
          stream.next();
        }
      }
    }
    skipContext();
    return new Stmt.Outside(tag.text(), template, names, tag.pos());
  }

  private void importedNames(List<String> names) {
    stream.expectName("import");
    do {
      if (skipContext()) {
        return;
      }
      String name = assignableName();
      names.add(stream.skipName("as") ? assignableName() : name);
    } while (stream.skipOperator(","));
  }

  private boolean skipContext() {
    boolean found =
        (stream.isName("with") || stream.isName("without")) && stream.look().isName("context");
    if (found) {
      stream.next();
      stream.next();
    }
    return found;
  }

  private String assignableName() {
    Token token = stream.expect(TokenType.NAME);
    checkAssignable(token.text(), token.pos());
    return token.text();
  }

  private static void checkAssignable(String name, Pos pos) {
    switch (name) {
      case "true", "True", "false", "False", "none", "None" ->
          throw pos.error("can't assign to '" + name + "'");
      default -> {}
    }
  }

  /** What {@code set}, {@code for} and {@code with} assign to. */
  private Target target(boolean withMembers, @Nullable String endName) {
    Pos pos = stream.current().pos();
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    do {
      boolean isEnd = stream.is(TokenType.BLOCK_END) || (endName != null && stream.isName(endName));
      if (isEnd && !targets.isEmpty()) {
        break;
      }
      targets.add(oneTarget(withMembers));
      isTuple |= stream.isOperator(",");
    } while (stream.skipOperator(","));
    return isTuple ? new Target.Several(targets, pos) : targets.getFirst();
  }

  private Target oneTarget(boolean withMembers) {
    Token token = stream.current();
    if (stream.skipOperator("(")) {
      return parenthesised(withMembers, token.pos());
    }
    if (token.type() != TokenType.NAME) {
      throw token.pos().error("can't assign to '" + token.describe() + "'");
    }
    stream.next();
    if (withMembers && stream.skipOperator(".")) {
      return new Target.Member(token.text(), stream.expect(TokenType.NAME).text(), token.pos());
    }
    checkAssignable(token.text(), token.pos());
    if (loopDepth > 0 && token.isName("loop")) {
      throw token.pos().error("Can't assign to special loop variable in for-loop target");
    }
    return new Target.Variable(token.text(), token.pos());
  }

  private Target parenthesised(boolean withMembers, Pos pos) {
    stream.enter();
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!stream.isOperator(")")) {
      targets.add(oneTarget(withMembers));
      if (!stream.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    stream.expectOperator(")");
    stream.leave();
    return isTuple || targets.isEmpty() ? new Target.Several(targets, pos) : targets.getFirst();
  }
}

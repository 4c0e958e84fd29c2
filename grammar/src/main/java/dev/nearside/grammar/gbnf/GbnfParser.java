package dev.nearside.grammar.gbnf;

import dev.nearside.base.Fault;
import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.GrammarException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses GBNF, llama.cpp's notation of grammars ({@code grammars/README.md} and {@code
 * src/llama-grammar.cpp} there): rules {@code name ::= alternatives}, literals, character sets,
 * groups, {@code * + ? {m,n}}, {@code .}, token references {@code <text>}, {@code <[id]>} and their
 * negation, comments.
 */
public final class GbnfParser {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_COUNT = 1_000_000;

  private final String source;
  private final Map<String, Expr> rules = new LinkedHashMap<>();
  private int at;
  private int depth;

  private GbnfParser(String source) {
    this.source = source;
  }

  /**
   * The rules of a grammar by name.
   *
   * @throws GrammarException with line and column where the text is no GBNF
   */
  public static Map<String, Expr> parse(String source) {
    GbnfParser parser = new GbnfParser(source);
    parser.space(true);
    while (parser.at < source.length()) {
      parser.rule();
    }
    if (!parser.rules.containsKey("root")) {
      throw parser.fault("there is no rule named root");
    }
    return parser.rules;
  }

  private void rule() {
    String name = name();
    space(false);
    if (!take("::=")) {
      throw fault("expected ::=");
    }
    space(true);
    rules.put(name, alternatives(false));
    if (at < source.length() && !take("\r\n") && !take("\n") && !take("\r")) {
      throw fault("expected the end of a line");
    }
    space(true);
  }

  private Expr alternatives(boolean isNested) {
    if (++depth > MAX_DEPTH) {
      throw fault("groups nested too deeply");
    }
    List<Expr> options = new ArrayList<>();
    options.add(sequence(isNested));
    while (take("|")) {
      space(true);
      options.add(sequence(isNested));
    }
    depth--;
    return options.size() == 1 ? options.getFirst() : new Expr.Choice(options);
  }

  private Expr sequence(boolean isNested) {
    List<Expr> parts = new ArrayList<>();
    while (at < source.length()) {
      char c = source.charAt(at);
      Expr item;
      if (c == '"') {
        item = literal();
      } else if (c == '[') {
        item = set();
      } else if (c == '.') {
        at++;
        item = new Expr.Chars(CharSet.ALL);
      } else if (c == '(') {
        at++;
        space(true);
        item = alternatives(true);
        if (!take(")")) {
          throw fault("expected ')'");
        }
      } else if (c == '<' || c == '!') {
        item = token();
      } else if (isWord(c)) {
        item = new Expr.Rule(name());
      } else {
        break;
      }
      space(isNested);
      parts.add(repetitions(item, isNested));
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Sequence(parts);
  }

  private Expr repetitions(Expr first, boolean isNested) {
    Expr item = first;
    int suffixes = 0;
    while (at < source.length()) {
      if (take("*")) {
        item = new Expr.Repeat(item, 0, Expr.UNLIMITED);
      } else if (take("+")) {
        item = new Expr.Repeat(item, 1, Expr.UNLIMITED);
      } else if (take("?")) {
        item = new Expr.Repeat(item, 0, 1);
      } else if (take("{")) {
        item = counted(item);
      } else {
        break;
      }
      if (++suffixes > MAX_DEPTH) {
        throw fault("too many repetitions of one item");
      }
      space(isNested);
    }
    return item;
  }

  private Expr counted(Expr item) {
    space(true);
    int min = number();
    space(true);
    int max = min;
    if (take(",")) {
      space(true);
      max = at < source.length() && Character.isDigit(source.charAt(at)) ? number() : -1;
      space(true);
    }
    if (!take("}") || (max >= 0 && max < min)) {
      throw fault("wrong repetition");
    }
    return new Expr.Repeat(item, min, max);
  }

  private int number() {
    int from = at;
    while (at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
      at++;
    }
    if (from == at) {
      throw fault("expected a number");
    }
    if (at - from > 9 || Integer.parseInt(source.substring(from, at)) > MAX_COUNT) {
      throw GrammarException.tooLarge("repetitions", MAX_COUNT);
    }
    return Integer.parseInt(source.substring(from, at));
  }

  private Expr literal() {
    at++;
    StringBuilder text = new StringBuilder();
    while (!take("\"")) {
      text.appendCodePoint(character());
    }
    return new Expr.Text(text.toString());
  }

  private Expr set() {
    at++;
    boolean isNegated = take("^");
    List<Integer> pairs = new ArrayList<>();
    while (!take("]")) {
      int low = character();
      int high = low;
      if (source.startsWith("-", at) && at + 1 < source.length() && source.charAt(at + 1) != ']') {
        at++;
        high = character();
      }
      pairs.add(low);
      pairs.add(high);
    }
    CharSet set = CharSet.of(pairs.stream().mapToInt(Integer::intValue).toArray());
    return new Expr.Chars(isNegated ? set.complement() : set);
  }

  private int character() {
    if (at >= source.length()) {
      throw fault("unexpected end");
    }
    int c = source.codePointAt(at);
    at += Character.charCount(c);
    if (c != '\\') {
      return c;
    }
    if (at >= source.length()) {
      throw fault("unexpected end");
    }
    char escape = source.charAt(at++);
    return switch (escape) {
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'n' -> '\n';
      case '\\', '"', '[', ']', '-', '^' -> escape;
      default -> throw fault("unknown escape \\" + escape);
    };
  }

  private int hex(int digits) {
    if (at + digits > source.length()) {
      throw fault("unexpected end");
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(source.charAt(at++), 16);
      if (digit < 0) {
        throw fault("wrong hexadecimal escape");
      }
      value = value << 4 | digit;
    }
    if (value > Character.MAX_CODE_POINT
        || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
      throw fault("no Unicode character");
    }
    return (int) value;
  }

  private Expr token() {
    boolean isNegated = take("!");
    int end = source.indexOf('>', at);
    if (!take("<") || end < 0 || end == at || source.substring(at, end).contains("\n")) {
      throw fault("wrong token reference");
    }
    String inside = source.substring(at, end);
    at = end + 1;
    boolean isId = inside.matches("\\[\\d+]");
    return new Expr.Token(isId ? inside : "<" + inside + ">", isNegated);
  }

  private String name() {
    int from = at;
    while (at < source.length() && isWord(source.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw fault("expected a name");
    }
    return source.substring(from, at);
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  /** Skips blanks and comments, and line ends where the notation allows them. */
  private void space(boolean lines) {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '#') {
        while (at < source.length() && source.charAt(at) != '\n' && source.charAt(at) != '\r') {
          at++;
        }
      } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
        at++;
      } else {
        return;
      }
    }
  }

  private boolean take(String text) {
    if (!source.startsWith(text, at)) {
      return false;
    }
    at += text.length();
    return true;
  }

  private GrammarException fault(String what) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, source.length()); i++) {
      column = source.charAt(i) == '\n' ? 1 : column + 1;
      line += source.charAt(i) == '\n' ? 1 : 0;
    }
    return new GrammarException(
        Fault.of("broken GBNF grammar: " + what).where("line " + line + ", column " + column));
  }
}

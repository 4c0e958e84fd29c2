package dev.nearside.jinja.syntax;

import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.jinja.value.CodePoints;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens and settles its white space: the {@code -} and {@code +} signs,
 * {@code trim_blocks}, {@code lstrip_blocks}. Reference: jinja2 3.1.6, lexer.py.
 */
public final class Lexer {
  private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
  private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

  private final TemplateOptions options;
  private final String source;
  private final int[] lineStarts;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  /** Whether the last thing read ended a line, so that a tag that follows starts one. */
  private boolean isLineStart = true;

  private Lexer(String source, TemplateOptions options) {
    this.options = options;
    this.source = normalize(source, options.keepTrailingNewline());
    this.lineStarts = lineStarts(this.source);
  }

  /**
   * The tokens of a template, EOF last.
   *
   * @throws TemplateException at anything that is no token
   */
  static List<Token> scan(String source, TemplateOptions options) {
    Lexer lexer = new Lexer(source, options);
    lexer.root();
    return lexer.tokens;
  }

  private static String normalize(String source, boolean keepsTrailingNewline) {
    String text = source.replace("\r\n", "\n").replace('\r', '\n');
    boolean isCut = !keepsTrailingNewline && text.endsWith("\n");
    return isCut ? text.substring(0, text.length() - 1) : text;
  }

  private static int[] lineStarts(String source) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = i + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  private Pos pos(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    int line = found >= 0 ? found : -found - 2;
    return new Pos(line + 1, offset - lineStarts[line] + 1);
  }

  private void add(TokenType type, String text, int offset) {
    tokens.add(new Token(type, text, pos(offset)));
  }

  private void root() {
    while (position < source.length()) {
      int start = position;
      int tag = nextTag(start);
      if (tag < 0) {
        add(TokenType.DATA, source.substring(start), start);
        break;
      }
      char kind = source.charAt(tag + 1);
      int rawEnd = kind == '%' ? rawBegin(tag) : -1;
      char sign = sign(tag + 2);
      String text = before(source.substring(start, tag), sign, kind == '{');
      if (!text.isEmpty()) {
        add(TokenType.DATA, text, start);
      }
      position = tag + (sign == 0 ? 2 : 3);
      isLineStart = false;
      if (rawEnd >= 0) {
        position = rawEnd;
        isLineStart = source.charAt(rawEnd - 1) == '\n';
        raw(tag);
      } else if (kind == '#') {
        comment(tag);
      } else {
        add(kind == '{' ? TokenType.VARIABLE_BEGIN : TokenType.BLOCK_BEGIN, "", tag);
        tag(kind == '{');
      }
    }
    add(TokenType.EOF, "", source.length());
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** The white space sign at an offset, 0 if there is none. */
  private char sign(int offset) {
    char c = offset < source.length() ? source.charAt(offset) : 0;
    return c == '-' || c == '+' ? c : 0;
  }

  /** The text before a tag, less the white space that the tag takes. */
  private String before(String text, char sign, boolean isVariable) {
    if (sign == '-') {
      return CodePoints.strip(text, false, true);
    }
    if (sign == '+' || !options.lstripBlocks() || isVariable) {
      return text;
    }
    int line = text.lastIndexOf('\n') + 1;
    boolean isFirst = line > 0 || isLineStart;
    boolean isBlank = CodePoints.strip(text.substring(line), true, false).isEmpty();
    return isFirst && isBlank ? text.substring(0, line) : text;
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && CodePoints.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The offset after {@code {% raw %}} if that stands at {@code tag}, else -1. */
  private int rawBegin(int tag) {
    int i = skipSpace(tag + (sign(tag + 2) == 0 ? 2 : 3));
    if (!source.startsWith("raw", i)) {
      return -1;
    }
    i = skipSpace(i + 3);
    if (source.startsWith("-%}", i)) {
      return skipSpace(i + 3);
    }
    return source.startsWith("%}", i) ? i + 2 : -1;
  }

  private void raw(int tag) {
    int start = position;
    for (int i = source.indexOf("{%", start); i >= 0; i = source.indexOf("{%", i + 1)) {
      char sign = sign(i + 2);
      int name = skipSpace(i + (sign == 0 ? 2 : 3));
      int end = source.startsWith("endraw", name) ? end(skipSpace(name + 6), "%}", true) : -1;
      if (end >= 0) {
        String text = before(source.substring(start, i), sign, false);
        if (!text.isEmpty()) {
          add(TokenType.DATA, text, start);
        }
        finish(end);
        return;
      }
    }
    throw pos(tag).error("Missing end of raw directive");
  }

  private void comment(int tag) {
    int close = source.indexOf("#}", position);
    if (close < 0) {
      throw pos(tag).error("Missing end of comment tag");
    }
    boolean isSigned = close > position && sign(close - 1) != 0;
    finish(end(isSigned ? close - 1 : close, "#}", true));
  }

  /**
   * The offset after a closing delimiter, with the white space that it takes, or -1 if none stands
   * at {@code offset}.
   */
  private int end(int offset, String delimiter, boolean isBlock) {
    char sign = sign(offset);
    int start = sign == 0 ? offset : offset + 1;
    if (!source.startsWith(delimiter, start) || (sign == '+' && !isBlock)) {
      return -1;
    }
    int end = start + delimiter.length();
    if (sign == '-') {
      return skipSpace(end);
    }
    boolean isTrimmed = sign == 0 && isBlock && options.trimBlocks();
    return isTrimmed && source.startsWith("\n", end) ? end + 1 : end;
  }

  private void finish(int end) {
    position = end;
    isLineStart = source.charAt(end - 1) == '\n';
  }

  /** The tokens of {@code {{ … }}} or {@code {% … %}}. */
  private void tag(boolean isVariable) {
    Deque<Character> open = new ArrayDeque<>();
    while (position < source.length()) {
      int end = open.isEmpty() ? end(position, isVariable ? "}}" : "%}", !isVariable) : -1;
      if (end >= 0) {
        add(isVariable ? TokenType.VARIABLE_END : TokenType.BLOCK_END, "", position);
        finish(end);
        return;
      }
      token(open);
    }
  }

  private void token(Deque<Character> open) {
    char c = source.charAt(position);
    if (CodePoints.isSpace(c)) {
      position = skipSpace(position);
    } else if (c >= '0' && c <= '9') {
      number();
    } else if (c == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(position))) {
      name();
    } else if (c == '"' || c == '\'') {
      string(c);
    } else {
      operator(open);
    }
  }

  private void name() {
    int start = position;
    while (position < source.length() && isNamePart(source.codePointAt(position))) {
      position += Character.charCount(source.codePointAt(position));
    }
    add(TokenType.NAME, source.substring(start, position), start);
  }

  private static boolean isNamePart(int c) {
    return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
  }

  private void number() {
    int start = position;
    boolean mayBeReal = start == 0 || source.charAt(start - 1) != '.';
    NumberScanner scanner = new NumberScanner(source);
    int realEnd = mayBeReal ? scanner.realEnd(start) : -1;
    position = realEnd >= 0 ? realEnd : scanner.integerEnd(start);
    String digits = source.substring(start, position).replace("_", "");
    add(realEnd >= 0 ? TokenType.FLOAT : TokenType.INTEGER, digits, start);
  }

  private void string(char quote) {
    int start = position;
    int end = start + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw pos(start).error("unexpected char " + quote + ": the string is not closed");
    }
    String text = StringLiterals.unescape(source.substring(start + 1, end), pos(start));
    add(TokenType.STRING, text, start);
    position = end + 1;
  }

  private void operator(Deque<Character> open) {
    String two = source.substring(position, Math.min(position + 2, source.length()));
    char c = source.charAt(position);
    String operator = LONG_OPERATORS.contains(two) ? two : String.valueOf(c);
    if (operator.length() == 1 && OPERATORS.indexOf(c) < 0) {
      throw pos(position)
          .error("unexpected char '" + Character.toString(source.codePointAt(position)) + "'");
    }
    balance(open, c);
    add(TokenType.OPERATOR, operator, position);
    position += operator.length();
  }

  private void balance(Deque<Character> open, char c) {
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty()) {
          throw pos(position).error("unexpected '" + c + "'");
        }
        char expected = open.pop();
        if (expected != c) {
          throw pos(position).error("unexpected '" + c + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }
}

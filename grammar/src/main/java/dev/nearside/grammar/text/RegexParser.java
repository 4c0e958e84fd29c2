package dev.nearside.grammar.text;

import dev.nearside.base.Fault;
import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.GrammarException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses regular expressions as ECMA-262 has them with the flag {@code u}, as far as they describe
 * regular languages: no back-references, no word boundaries, look-ahead only at the start.
 */
final class RegexParser {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_COUNT = 1_000_000;

  private final String source;
  private int at;
  private int depth;

  /** Whether sets on which engines differ are to be as large as in any of them. */
  private boolean isWide;

  private boolean isNegatedSet;

  private RegexParser(String source, boolean isWide) {
    this.source = source;
    this.isWide = isWide;
  }

  static RegexTree parse(String source, boolean isWide) {
    RegexParser parser = new RegexParser(source, isWide);
    RegexTree tree = parser.choice();
    if (parser.at < source.length()) {
      throw parser.fault("unbalanced ')'");
    }
    return tree;
  }

  private RegexTree choice() {
    if (++depth > MAX_DEPTH) {
      throw fault("groups nested too deeply");
    }
    List<RegexTree> options = new ArrayList<>();
    options.add(sequence());
    while (take("|")) {
      options.add(sequence());
    }
    depth--;
    return options.size() == 1 ? options.getFirst() : new RegexTree.Choice(options);
  }

  private RegexTree sequence() {
    List<RegexTree> parts = new ArrayList<>();
    while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
      RegexTree atom = atom();
      parts.add(quantified(atom));
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexTree.Sequence(parts);
  }

  private RegexTree quantified(RegexTree atom) {
    int min;
    int max;
    if (take("*")) {
      min = 0;
      max = -1;
    } else if (take("+")) {
      min = 1;
      max = -1;
    } else if (take("?")) {
      min = 0;
      max = 1;
    } else {
      int[] counts = braces();
      if (counts.length == 0) {
        return atom;
      }
      min = counts[0];
      max = counts[1];
    }
    boolean isAssertion =
        atom instanceof RegexTree.Start
            || atom instanceof RegexTree.End
            || atom instanceof RegexTree.Look;
    if (isAssertion || (max >= 0 && max < min)) {
      throw fault("wrong quantifier");
    }
    // Lazy and greedy repetition describe the same language.
    take("?");
    return new RegexTree.Repeat(atom, min, max);
  }

  /** The counts of {@code {m,n}}, or nothing where a brace stands for itself. */
  private int[] braces() {
    int end = source.indexOf('}', at);
    if (at >= source.length() || source.charAt(at) != '{' || end < 0) {
      return new int[0];
    }
    String inside = source.substring(at + 1, end);
    int comma = inside.indexOf(',');
    String low = comma < 0 ? inside : inside.substring(0, comma);
    String high = comma < 0 ? inside : inside.substring(comma + 1);
    if (!isNumber(low) || (!high.isEmpty() && !isNumber(high))) {
      return new int[0];
    }
    at = end + 1;
    return new int[] {count(low), high.isEmpty() ? -1 : count(high)};
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private int count(String digits) {
    if (digits.length() > 7 || Integer.parseInt(digits) > MAX_COUNT) {
      throw GrammarException.tooLarge("repetitions", MAX_COUNT);
    }
    return Integer.parseInt(digits);
  }

  private RegexTree atom() {
    int c = source.codePointAt(at);
    return switch (c) {
      case '^' -> {
        at++;
        yield new RegexTree.Start();
      }
      case '$' -> {
        at++;
        yield new RegexTree.End();
      }
      case '.' -> {
        at++;
        yield new RegexTree.Chars(RegexEscapes.dot(isWide));
      }
      case '(' -> group();
      case '[' -> {
        at++;
        yield new RegexTree.Chars(set());
      }
      case '\\' -> {
        RegexEscapes escape = RegexEscapes.read(source, at, false, isWide);
        at = escape.end();
        yield new RegexTree.Chars(escape.set());
      }
      case '*', '+', '?' -> throw fault("a quantifier without anything before it");
      default -> {
        at += Character.charCount(c);
        yield new RegexTree.Chars(CharSet.of(c, c));
      }
    };
  }

  private RegexTree group() {
    at++;
    boolean isLook = source.startsWith("?=", at) || source.startsWith("?!", at);
    boolean isNegated = source.startsWith("?!", at);
    if (isLook || source.startsWith("?:", at)) {
      at += 2;
    } else if (source.startsWith("?<", at)
        && !source.startsWith("?<=", at)
        && !source.startsWith("?<!", at)
        && source.indexOf('>', at) > 0) {
      at = source.indexOf('>', at) + 1;
    } else if (source.startsWith("?", at)) {
      throw fault("unsupported group");
    }
    isWide ^= isNegated;
    RegexTree body = choice();
    isWide ^= isNegated;
    if (!take(")")) {
      throw fault("unbalanced '('");
    }
    return isLook ? new RegexTree.Look(body, isNegated) : body;
  }

  private CharSet set() {
    boolean isNegated = take("^");
    isNegatedSet = isNegated;
    CharSet out = CharSet.EMPTY;
    while (!take("]")) {
      CharSet low = member();
      boolean isRange =
          source.startsWith("-", at) && at + 1 < source.length() && source.charAt(at + 1) != ']';
      if (isRange && isSingle(low)) {
        at++;
        CharSet high = member();
        if (!isSingle(high) || high.low(0) < low.low(0)) {
          throw fault("wrong range in a set");
        }
        out = out.union(CharSet.of(low.low(0), high.low(0)));
      } else {
        out = out.union(low);
      }
    }
    return isNegated ? out.complement() : out;
  }

  private static boolean isSingle(CharSet set) {
    return set.rangeCount() == 1 && set.low(0) == set.high(0);
  }

  private CharSet member() {
    if (at >= source.length()) {
      throw fault("unbalanced '['");
    }
    int c = source.codePointAt(at);
    if (c == '\\') {
      RegexEscapes escape = RegexEscapes.read(source, at, true, isWide ^ isNegatedSet);
      at = escape.end();
      return escape.set();
    }
    at += Character.charCount(c);
    return CharSet.of(c, c);
  }

  private boolean take(String text) {
    if (!source.startsWith(text, at)) {
      return false;
    }
    at += text.length();
    return true;
  }

  private GrammarException fault(String what) {
    return fault(what, source, at);
  }

  static GrammarException fault(String what, String source, int at) {
    String shown = source.length() > 200 ? source.substring(0, 200) + "…" : source;
    return new GrammarException(
        Fault.of("broken or unsupported regular expression: " + what)
            .got(shown)
            .where("character " + (at + 1)));
  }
}

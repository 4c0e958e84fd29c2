package dev.nearside.tokenizer.json;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.pre.KnownExpressions;
import dev.nearside.tokenizer.pre.RegexSplitter;
import dev.nearside.tokenizer.pre.SplitBehavior;
import dev.nearside.tokenizer.pre.Splitter;
import dev.nearside.tokenizer.text.Growth;
import dev.nearside.tokenizer.text.GuardedText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of a {@code tokenizer.json}: a literal, or an expression in Oniguruma's Ruby syntax,
 * which Hugging Face's library uses.
 */
record Regex(Pattern pattern, boolean isLiteral) {
  /** Ruby: anchors match at every line, only {@code \n} ends one, classes are Unicode's. */
  private static final int FLAGS =
      Pattern.UNICODE_CHARACTER_CLASS
          | Pattern.UNICODE_CASE
          | Pattern.MULTILINE
          | Pattern.UNIX_LINES;

  /** {@code \p{Name}}, {@code \p{^Name}}, {@code \P{Name}}. */
  private static final Pattern PROPERTY = Pattern.compile("\\\\([pP])\\{(\\^?)([A-Za-z_ =]+)\\}");

  static Regex literal(String text) {
    return new Regex(Pattern.compile(text, Pattern.LITERAL), true);
  }

  static Regex oniguruma(String expression, String where) {
    try {
      return new Regex(Pattern.compile(translate(expression), FLAGS), false);
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw new TokenizerException(
          Fault.of("a regular expression that can't be used")
              .got(expression.length() > 200 ? expression.substring(0, 200) + "…" : expression)
              .where(where)
              .hint(
                  e instanceof PatternSyntaxException syntax
                      ? String.valueOf(syntax.getDescription())
                      : "It is nested too deep"),
          e);
    }
  }

  Splitter splitter(SplitBehavior behavior, boolean invert, String original) {
    Splitter known = isLiteral ? null : KnownExpressions.of(original, behavior, invert);
    return known != null ? known : new RegexSplitter(pattern, behavior, invert, isLiteral);
  }

  /** The text with every match replaced, literally. */
  String replaceAll(String text, String content) {
    if (isLiteral && content.length() <= pattern.pattern().length()) {
      return text.replace(pattern.pattern(), content);
    }
    StringBuilder out = new StringBuilder(text.length());
    GuardedText.run(
        pattern,
        text,
        guarded -> {
          Matcher matcher = pattern.matcher(guarded);
          int at = 0;
          while (matcher.find()) {
            out.append(text, at, matcher.start()).append(content);
            Growth.check(out.length(), text.length());
            at = matcher.end();
          }
          out.append(text, at, text.length());
        });
    return out.toString();
  }

  /** Property names of Oniguruma in Java's spelling; the rest of the syntax is the same. */
  private static String translate(String expression) {
    Matcher property = PROPERTY.matcher(expression);
    StringBuilder out = new StringBuilder();
    while (property.find()) {
      boolean negated = property.group(1).equals("P") ^ property.group(2).equals("^");
      String name = javaName(property.group(3));
      property.appendReplacement(
          out, Matcher.quoteReplacement((negated ? "\\P{" : "\\p{") + name + "}"));
    }
    property.appendTail(out);
    // In Ruby \h is a hexadecimal digit, in Java a blank.
    return out.toString().replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\\\\h", "$1[0-9a-fA-F]");
  }

  private static String javaName(String name) {
    if (name.length() <= 2 || name.indexOf('=') >= 0) {
      return name;
    }
    String category = longCategory(name);
    return category != null ? category : "Is" + name;
  }

  private static @Nullable String longCategory(String name) {
    return switch (name.replace("_", "").replace(" ", "").toLowerCase(java.util.Locale.ROOT)) {
      case "letter" -> "L";
      case "mark" -> "M";
      case "number" -> "N";
      case "punctuation", "punct" -> "P";
      case "symbol" -> "S";
      case "separator" -> "Z";
      case "other" -> "C";
      case "uppercaseletter" -> "Lu";
      case "lowercaseletter" -> "Ll";
      case "titlecaseletter" -> "Lt";
      case "modifierletter" -> "Lm";
      case "otherletter" -> "Lo";
      case "nonspacingmark" -> "Mn";
      case "spacingmark" -> "Mc";
      case "enclosingmark" -> "Me";
      case "decimalnumber" -> "Nd";
      case "letternumber" -> "Nl";
      case "othernumber" -> "No";
      case "space" -> "IsWhite_Space";
      case "upper" -> "IsUppercase";
      case "lower" -> "IsLowercase";
      case "alpha" -> "IsAlphabetic";
      case "digit" -> "IsDigit";
      case "alnum" -> "Alnum";
      default -> null;
    };
  }
}

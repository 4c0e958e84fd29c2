package dev.nearside.grammar.schema;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.text.CharDfa;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Numbers and strings. */
final class ScalarRules {
  private static final int MAX_PATTERN_LENGTH = 4_000;

  private final Languages languages;

  ScalarRules(Languages languages) {
    this.languages = languages;
  }

  /** Numbers of the types among {@code types} within the bounds. */
  Expr number(List<Sub> flats, EnumSet<Types> types) {
    Bounds free = Bounds.of(flats);
    boolean isBoth = types.contains(Types.FRACTION) && types.contains(Types.INTEGER);
    boolean isAny =
        free.isUnlimited() && excluded(flats).stream().noneMatch(JsonNode::isNumber) && isBoth;
    return new Expr.Language(isAny ? Decimals.all() : decimals(flats, types), false);
  }

  /** The same without exponents. */
  CharDfa decimals(List<Sub> flats, EnumSet<Types> types) {
    Bounds bounds = Bounds.of(flats);
    List<JsonNode> excluded = excluded(flats);
    boolean isInteger = !types.contains(Types.FRACTION);
    boolean isFraction = !types.contains(Types.INTEGER);
    int digits = Decimals.digits(bounds);
    CharDfa out =
        isInteger
            ? Decimals.integers(digits)
            : isFraction ? Decimals.fractions(digits) : Decimals.plain(digits);
    if (bounds.low() != null) {
      out = out.intersect(Decimals.above(bounds.low(), bounds.hasLow()));
    }
    if (bounds.high() != null) {
      out = out.intersect(Decimals.below(bounds.high(), bounds.hasHigh()));
    }
    for (BigDecimal multiple : bounds.multiples()) {
      if (!Decimals.isCountable(multiple)) {
        throw first(flats, "multipleOf").unsupported("multipleOf");
      }
      out = out.intersect(Decimals.multiples(multiple));
    }
    for (JsonNode value : excluded) {
      if (value.isNumber()) {
        CharDfa same =
            Decimals.above(value.decimalValue(), true)
                .intersect(Decimals.below(value.decimalValue(), true));
        out = out.minus(same);
      }
    }
    return out;
  }

  /** Strings, with their quotes. */
  Expr string(List<Sub> flats) {
    boolean isPlain =
        languages.patterns(flats).isEmpty()
            && excluded(flats).stream().noneMatch(JsonNode::isString);
    if (isPlain) {
      int min = min(flats);
      int max = max(flats);
      return max >= 0 && max < min
          ? new Expr.Choice(List.of())
          : new Expr.JsonString(min, max < 0 ? Expr.UNLIMITED : max);
    }
    return JsonRules.string(language(flats));
  }

  private static int min(List<Sub> flats) {
    return Math.max(0, flats.stream().mapToInt(f -> f.count("minLength")).max().orElse(0));
  }

  private static int max(List<Sub> flats) {
    return flats.stream()
        .mapToInt(f -> f.count("maxLength"))
        .filter(max -> max >= 0)
        .min()
        .orElse(-1);
  }

  /** The texts of strings. */
  CharDfa language(List<Sub> flats) {
    CharDfa out = CharDfa.all();
    for (CharDfa pattern : languages.patterns(flats)) {
      out = out.intersect(pattern);
    }
    int min = min(flats);
    int max = max(flats);
    if (min > MAX_PATTERN_LENGTH || max > MAX_PATTERN_LENGTH) {
      String keyword = max > MAX_PATTERN_LENGTH ? "maxLength" : "minLength";
      throw first(flats, keyword).unsupported(keyword);
    }
    if (max >= 0 && max < min) {
      return CharDfa.ofTexts(List.of());
    }
    if (min > 0 || max >= 0) {
      try {
        out = out.intersect(CharDfa.ofLength(min, max));
      } catch (GrammarException e) {
        throw first(flats, "pattern").unsupported("pattern");
      }
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode value : excluded(flats)) {
      if (value.isString()) {
        texts.add(value.asString());
      }
    }
    return texts.isEmpty() ? out : out.minus(CharDfa.ofTexts(texts));
  }

  /** The values that may not be. */
  static List<JsonNode> excluded(List<Sub> flats) {
    List<JsonNode> out = new ArrayList<>();
    for (Sub flat : flats) {
      flat.node().path(Negation.NOT_ENUM).forEach(out::add);
    }
    return out;
  }

  static Sub first(List<Sub> flats, String keyword) {
    return flats.stream().filter(f -> f.has(keyword)).findFirst().orElse(flats.getFirst());
  }
}

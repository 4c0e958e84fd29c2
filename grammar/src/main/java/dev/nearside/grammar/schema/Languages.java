package dev.nearside.grammar.schema;

import dev.nearside.grammar.GrammarException;
import dev.nearside.grammar.text.CharDfa;
import dev.nearside.grammar.text.Regex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The texts that the keywords of strings describe, as languages. */
final class Languages {
  private final Map<String, CharDfa> patterns = new HashMap<>();

  CharDfa pattern(Sub sub, String keyword, String pattern) {
    try {
      return patterns.computeIfAbsent(pattern, Regex::found);
    } catch (GrammarException e) {
      throw sub.fault(e.fault().message(), keyword);
    }
  }

  /** The texts in which the pattern is surely not found. */
  CharDfa without(Sub sub, String keyword, String pattern) {
    try {
      return Regex.foundByAny(pattern).complement();
    } catch (GrammarException e) {
      throw sub.fault(e.fault().message(), keyword);
    }
  }

  /** One language per pattern and format; those of lengths are not among them. */
  List<CharDfa> patterns(List<Sub> flats) {
    List<CharDfa> out = new ArrayList<>();
    for (Sub flat : flats) {
      String pattern = text(flat, "pattern");
      if (pattern != null) {
        out.add(pattern(flat, "pattern", pattern));
      }
      String not = text(flat, Negation.NOT_PATTERN);
      if (not != null) {
        out.add(without(flat, "pattern", not));
      }
      String format = text(flat, "format");
      CharDfa known = format == null ? null : Formats.language(format);
      if (known != null) {
        out.add(known);
      }
    }
    return out;
  }

  private static @Nullable String text(Sub flat, String keyword) {
    JsonNode value = flat.get(keyword);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw flat.malformed(keyword, "a string");
    }
    return value.asString();
  }
}

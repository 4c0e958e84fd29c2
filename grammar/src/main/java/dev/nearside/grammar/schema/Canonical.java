package dev.nearside.grammar.schema;

import dev.nearside.grammar.automaton.JsonText;
import dev.nearside.grammar.text.CharDfa;
import dev.nearside.grammar.text.Regex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Texts of values without parts such that equal values have equal texts. */
final class Canonical {
  private Canonical() {}

  /**
   * @param types of the values, where none are listed
   * @param values those that are listed, or null
   */
  static CharDfa texts(
      List<Sub> flats, EnumSet<Types> types, @Nullable List<JsonNode> values, ScalarRules scalars) {
    List<String> words = new ArrayList<>();
    if (values != null) {
      values.forEach(value -> words.add(text(value)));
      return CharDfa.ofTexts(words);
    }
    List<JsonNode> excluded = ScalarRules.excluded(flats);
    if (types.contains(Types.NULL)) {
      words.add("null");
    }
    if (types.contains(Types.BOOLEAN)) {
      words.addAll(List.of("true", "false"));
    }
    excluded.forEach(value -> words.remove(text(value)));
    CharDfa out = CharDfa.ofTexts(words);
    if (types.contains(Types.INTEGER) || types.contains(Types.FRACTION)) {
      CharDfa shape = Regex.whole("0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\\.[0-9]*[1-9]");
      out = out.union(scalars.decimals(flats, types).intersect(shape));
    }
    if (types.contains(Types.STRING)) {
      out = out.union(JsonText.quoted(scalars.language(flats)));
    }
    return out;
  }

  private static String text(JsonNode value) {
    if (value.isString()) {
      return JsonRules.quoted(value.asString());
    }
    if (!value.isNumber()) {
      return value.toString();
    }
    BigDecimal number = value.decimalValue().stripTrailingZeros();
    return number.signum() == 0 ? "0" : number.toPlainString();
  }
}

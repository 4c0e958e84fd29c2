package dev.nearside.grammar.schema;

import dev.nearside.grammar.text.CharDfa;
import dev.nearside.grammar.text.Regex;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The formats of JSON Schema (draft 2020-12, validation, section 7.3) that are regular languages.
 * Each is somewhat narrower than its RFC where that keeps it small; any other name is an
 * annotation.
 */
final class Formats {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final String IPV4 = OCTET + "(\\." + OCTET + "){3}";
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final String HOSTNAME = LABEL + "(\\." + LABEL + "){0,3}";
  private static final String DATE =
      "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
          + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
          + "|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29)";
  private static final String TIME =
      "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?"
          + "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
  private static final String H16 = "[0-9A-Fa-f]{1,4}";
  private static final String IPV6 =
      "(("
          + H16
          + ":){7}"
          + H16
          + "|::|("
          + H16
          + ":){1,7}:|("
          + H16
          + ":){1,6}:"
          + H16
          + "|("
          + H16
          + ":){1,5}(:"
          + H16
          + "){1,2}|("
          + H16
          + ":){1,4}(:"
          + H16
          + "){1,3}"
          + "|("
          + H16
          + ":){1,3}(:"
          + H16
          + "){1,4}|("
          + H16
          + ":){1,2}(:"
          + H16
          + "){1,5}"
          + "|"
          + H16
          + ":(:"
          + H16
          + "){1,6}|:(:"
          + H16
          + "){1,7})";
  private static final String PCHAR = "([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
  private static final String PATH = "(" + PCHAR + "|/)*";
  private static final String TAIL = "(\\?(" + PCHAR + "|[/?])*)?(#(" + PCHAR + "|[/?])*)?";
  private static final String AUTHORITY = HOSTNAME + "(:[0-9]{1,5})?";
  private static final String URI =
      "[A-Za-z][A-Za-z0-9+.-]*:(//" + AUTHORITY + "(/" + PATH + ")?|/?" + PCHAR + PATH + ")" + TAIL;
  private static final String ATEXT = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}";
  private static final String POINTER = "(/([ -.0-}]|~[01])*)*";

  private static final Map<String, String> EXPRESSIONS =
      Map.ofEntries(
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("date-time", DATE + "T" + TIME),
          Map.entry(
              "duration",
              "P((([0-9]{1,4}Y([0-9]{1,4}M([0-9]{1,4}D)?)?|[0-9]{1,4}M([0-9]{1,4}D)?|[0-9]{1,4}D)"
                  + "(T([0-9]{1,4}H([0-9]{1,4}M([0-9]{1,4}S)?)?|[0-9]{1,4}M([0-9]{1,4}S)?"
                  + "|[0-9]{1,4}S))?)"
                  + "|T([0-9]{1,4}H([0-9]{1,4}M([0-9]{1,4}S)?)?|[0-9]{1,4}M([0-9]{1,4}S)?"
                  + "|[0-9]{1,4}S)|[0-9]{1,4}W)"),
          Map.entry(
              "email", ATEXT + "(\\." + ATEXT + "){0,2}@(" + LABEL + "\\.){1,3}[A-Za-z]{2,18}"),
          Map.entry("hostname", HOSTNAME),
          Map.entry("ipv4", IPV4),
          Map.entry("ipv6", IPV6),
          Map.entry("uri", URI),
          Map.entry(
              "uri-reference",
              "(" + URI + "|/?" + "([A-Za-z0-9._~-]|/[A-Za-z0-9._~-])*" + TAIL + ")"),
          Map.entry(
              "uuid",
              "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"),
          Map.entry("json-pointer", POINTER),
          Map.entry("relative-json-pointer", "(0|[1-9][0-9]{0,3})(#|(/[A-Za-z0-9_-]*)*)"));

  private static final Map<String, CharDfa> COMPILED = new ConcurrentHashMap<>();

  private Formats() {}

  /** The texts of a format, or null where the name is an annotation only. */
  static @Nullable CharDfa language(String name) {
    String expression = EXPRESSIONS.get(name);
    return expression == null ? null : COMPILED.computeIfAbsent(name, n -> Regex.whole(expression));
  }
}

package dev.nearside.hub.modelfile;

import dev.nearside.base.Fault;
import dev.nearside.hub.GoTemplate;
import dev.nearside.hub.ModelSettings;
import dev.nearside.hub.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Modelfile: instructions in any case and order, {@code #} comments, values that go to the
 * line's end, stand in quotes, or span lines between three quotes.
 */
public final class ModelfileParser {
  private static final int MAX_CHARS = 4 << 20;
  private static final String LONG_QUOTE = "\"\"\"";

  private final String text;
  private int at;

  private @Nullable String from;
  private @Nullable String template;
  private @Nullable String system;
  private final List<String> adapters = new ArrayList<>();
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private final List<ModelSettings.Turn> messages = new ArrayList<>();
  private final List<String> licenses = new ArrayList<>();

  private ModelfileParser(String text) {
    this.text = text;
  }

  /**
   * The Modelfile of a text.
   *
   * @throws RefusedException with the line that is wrong
   */
  public static Modelfile parse(String text) {
    if (text.length() > MAX_CHARS) {
      throw new RefusedException(
          Fault.of("the Modelfile is too long")
              .got(text.length())
              .expected("at most " + MAX_CHARS));
    }
    String unified = text.replace("\r\n", "\n").replaceFirst("^\uFEFF", "");
    return new ModelfileParser(unified).read();
  }

  private Modelfile read() {
    while (skipBlank()) {
      int start = at;
      String instruction = word().toUpperCase(Locale.ROOT);
      switch (instruction) {
        case "FROM" -> from = value(start);
        case "ADAPTER" -> adapters.add(value(start));
        case "TEMPLATE" -> template = template(start);
        case "SYSTEM" -> system = value(start);
        case "LICENSE" -> licenses.add(value(start));
        case "PARAMETER" -> parameter(start);
        case "MESSAGE" -> messages.add(message(start));
        case "RENDERER", "PARSER", "REQUIRES" -> value(start); // Ollama's own machinery
        default ->
            throw wrong(
                start,
                instruction,
                "FROM, PARAMETER, TEMPLATE, SYSTEM, ADAPTER, MESSAGE or LICENSE");
      }
    }
    if (from == null) {
      throw wrong(0, "no FROM", "FROM and a model's name or path");
    }
    return new Modelfile(
        from, adapters, new ModelSettings(null, template, system, parameters, messages, licenses));
  }

  private @Nullable String template(int start) {
    String value = value(start);
    if (GoTemplate.isLikely(value)) {
      throw new RefusedException(
          Fault.of("TEMPLATE " + GoTemplate.WHY).where("line " + line(start)));
    }
    return value.isBlank() ? null : value;
  }

  private void parameter(int start) {
    String name = word().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw wrong(start, "no name", "PARAMETER name value");
    }
    Object value = typed(name, value(start));
    if (name.equals("stop")) {
      List<Object> all = new ArrayList<>();
      if (parameters.get(name) instanceof List<?> before) {
        all.addAll(before);
      }
      all.add(value);
      parameters.put(name, all);
    } else {
      parameters.put(name, value);
    }
  }

  private static Object typed(String name, String value) {
    if (name.equals("stop")) {
      return value;
    }
    if (value.matches("[-+]?\\d{1,18}")) {
      return Long.valueOf(value);
    }
    if (value.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?")) {
      return Double.valueOf(value);
    }
    return value.equals("true") || value.equals("false") ? Boolean.valueOf(value) : value;
  }

  private ModelSettings.Turn message(int start) {
    String role = word().toLowerCase(Locale.ROOT);
    if (!role.equals("system") && !role.equals("user") && !role.equals("assistant")) {
      throw wrong(start, role, "MESSAGE system, user or assistant");
    }
    return new ModelSettings.Turn(role, value(start));
  }

  /** Moves to the next instruction; false at the end. */
  private boolean skipBlank() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        at = lineEnd();
      } else if (Character.isWhitespace(c)) {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  /** A word of the line, and the space before it. */
  private String word() {
    skipSpaces();
    int begin = at;
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.substring(begin, at);
  }

  private String value(int start) {
    skipSpaces();
    String value;
    if (text.startsWith(LONG_QUOTE, at)) {
      value = until(LONG_QUOTE, start);
    } else if (at < text.length() && text.charAt(at) == '"') {
      value = until("\"", start);
    } else {
      int begin = at;
      at = lineEnd();
      value = text.substring(begin, at).strip();
      if (value.isEmpty()) {
        throw wrong(start, "nothing", "a value");
      }
    }
    return value;
  }

  private String until(String quote, int start) {
    int begin = at + quote.length();
    int end = text.indexOf(quote, begin);
    if (end < 0) {
      throw wrong(start, "no closing " + quote, quote);
    }
    at = end + quote.length();
    if (!text.substring(at, lineEnd()).isBlank()) {
      throw wrong(start, "text after the closing " + quote, "the line's end");
    }
    return text.substring(begin, end);
  }

  private void skipSpaces() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private int lineEnd() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private int line(int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  private RefusedException wrong(int start, String got, String expected) {
    return new RefusedException(
        Fault.of("the Modelfile is wrong")
            .got(got)
            .expected(expected)
            .where("line " + line(start)));
  }
}

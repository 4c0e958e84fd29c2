package dev.nearside.engine.prompt;

import dev.nearside.jinja.RaisedException;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateException;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renders a chat template with Hugging Face's variables. What there is none of is None there; some
 * templates, written for other engines, trip over it and want it undefined.
 */
record Renderer(Template template, Map<String, Object> basics, Clock clock) {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("MMM dd yyyy HH:mm:ss zzz", Locale.ENGLISH);

  /**
   * The rendered text.
   *
   * @throws TemplateException when the template fails or refuses the variables
   */
  String render(Map<String, ? extends @Nullable Object> given) {
    Map<String, @Nullable Object> vars = new LinkedHashMap<>();
    vars.put("tools", null);
    vars.put("documents", null);
    vars.putAll(basics);
    vars.putAll(given);
    ownNames(vars);
    try {
      return template.render(vars, clock);
    } catch (RaisedException e) {
      throw e;
    } catch (TemplateException e) {
      return withoutNone(vars, e);
    }
  }

  // Some templates have names of their own for tools and time.
  private void ownNames(Map<String, @Nullable Object> vars) {
    Set<String> asked = template.variables();
    Object tools = vars.get("tools");
    if (asked.contains("functions")) {
      vars.putIfAbsent("functions", tools == null ? "[]" : JsonArguments.write(tools));
    }
    if (asked.contains("xml_tools")) {
      vars.putIfAbsent("xml_tools", tools);
    }
    if (asked.contains("datetime")) {
      vars.putIfAbsent("datetime", DATE_TIME.format(clock.instant().atZone(clock.getZone())));
    }
  }

  private String withoutNone(Map<String, @Nullable Object> vars, TemplateException first) {
    if (!vars.values().removeIf(Objects::isNull)) {
      throw first;
    }
    try {
      return template.render(vars, clock);
    } catch (TemplateException second) {
      first.addSuppressed(second);
      throw first;
    }
  }
}

package dev.nearside.engine.prompt;

import dev.nearside.jinja.RaisedException;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Renders a chat template with Hugging Face's variables. What there is none of is None there; some
 * templates, written for other engines, trip over it and want it undefined.
 */
record Renderer(Template template, Map<String, Object> basics, Clock clock) {
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
    try {
      return template.render(vars, clock);
    } catch (RaisedException e) {
      throw e;
    } catch (TemplateException e) {
      return withoutNone(vars, e);
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

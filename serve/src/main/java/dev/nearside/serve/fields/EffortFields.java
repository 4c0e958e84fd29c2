package dev.nearside.serve.fields;

import dev.nearside.serve.http.Fields;
import java.util.Map;
import java.util.Set;

/** How much to think before a reply: templates know two ways to be told. */
public final class EffortFields {
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private EffortFields() {}

  /**
   * Puts what a template knows into {@code templateArgs}.
   *
   * @param key the field that may say it
   */
  public static void read(Fields f, String key, Map<String, Object> templateArgs) {
    f.text(key)
        .ifPresent(effort -> {
          if (!EFFORTS.contains(effort)) {
            throw f.wrong(key, "must be none, minimal, low, medium, high, xhigh or max");
          }
          templateArgs.put("reasoning_effort", effort);
          templateArgs.put("enable_thinking", !Set.of("none", "minimal").contains(effort));
        });
  }
}

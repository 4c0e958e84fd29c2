package dev.nearside.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What {@code serve --draft} says: {@code DRAFT}, or {@code MODEL=DRAFT}.
 *
 * @param target the model that is helped; null = the one that is served
 * @param draft the small model that guesses for it
 */
record DraftFlag(@Nullable String target, String draft) {
  /** The variable that names the draft model of the default model. */
  static final String VARIABLE = "NEARSIDE_DRAFT";

  static DraftFlag parse(String value) {
    int at = value.indexOf('=');
    return at < 0
        ? new DraftFlag(null, value)
        : new DraftFlag(value.substring(0, at), value.substring(at + 1));
  }

  /**
   * Draft models by the names of those that they help.
   *
   * @param served the models that {@code command} names
   * @param defaultName for whom the variable counts, and a flag when no model is named
   * @throws ParameterException when it is not clear which model is meant, or one is helped twice
   */
  static Map<String, String> choose(
      CommandLine command,
      List<String> flags,
      List<String> served,
      String defaultName,
      @Nullable String variable) {
    Map<String, String> out = new LinkedHashMap<>();
    for (String flag : flags) {
      DraftFlag given = parse(flag);
      if (given.draft.isBlank() || (given.target != null && given.target.isBlank())) {
        throw new ParameterException(command, "--draft wants DRAFT or MODEL=DRAFT, not " + flag);
      }
      if (given.target == null && served.size() > 1) {
        throw new ParameterException(
            command, "several models are named: say which one --draft is for, as MODEL=" + flag);
      }
      String only = served.isEmpty() ? defaultName : served.getFirst();
      String target = given.target == null ? only : given.target;
      if (out.put(target, given.draft) != null) {
        throw new ParameterException(command, "--draft is given twice for " + target);
      }
    }
    if (variable != null && !variable.isBlank()) {
      out.putIfAbsent(defaultName, variable);
    }
    return out;
  }
}

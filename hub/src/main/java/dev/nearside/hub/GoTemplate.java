package dev.nearside.hub;

import java.util.regex.Pattern;

/** Tells Go's templates, which Ollama's Modelfiles have, from Jinja's, which are used here. */
public final class GoTemplate {
  /** Why such a template is refused; what it is about goes before it. */
  public static final String WHY =
      "is written in Go's template language, and only Jinja is understood: leave it out, and the"
          + " model's own template is used";

  // A dot, a variable, or a keyword right after the braces: none of it is Jinja.
  private static final Pattern ACTION =
      Pattern.compile(
          "\\{\\{-?\\s*(?:\\.|\\$|/\\*|(?:if|else|end|range|with|define|template|block|break"
              + "|continue|and|or|not|eq|ne|lt|le|gt|ge|len|index|slice|json)(?=[\\s}(-]))");

  private GoTemplate() {}

  /** Whether the text is a template of Go's. */
  public static boolean isLikely(String template) {
    return ACTION.matcher(template).find();
  }
}

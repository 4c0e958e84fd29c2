package dev.nearside.engine.parse.family;

import dev.nearside.engine.parse.syntax.ReplyFormat;
import java.util.Optional;

/** A family of models. */
public interface Family {
  /**
   * How the family's models write replies.
   *
   * @param template the source of a chat template
   * @return empty when the template is not this family's
   */
  Optional<ReplyFormat> detect(String template);

  /** Whether all of these occur in the template. */
  static boolean hasAll(String template, String... parts) {
    for (String part : parts) {
      if (!template.contains(part)) {
        return false;
      }
    }
    return true;
  }

  /** The format if the template has the marks of the family. */
  static Optional<ReplyFormat> when(boolean is, ReplyFormat format) {
    return is ? Optional.of(format) : Optional.empty();
  }
}
